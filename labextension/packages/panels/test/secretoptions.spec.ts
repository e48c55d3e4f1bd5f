// SPDX-License-Identifier: Apache-2.0
// The daemon's unit test reads the same file.
import names from '../../../../api/secret-names.json';
import { isSecretName, isStandIn, secretNames } from '../src/secretoptions';

test.each(Object.entries(names))('%s is secret: %s', (name, secret) => {
  expect(isSecretName(name)).toBe(secret);
});

test('secret names are told from others', () => {
  expect(secretNames(['spark.a', 'spark.b.token'])).toEqual(['spark.b.token']);
});

const DIGITS = '0123456789abcdef'.repeat(2);

test.each([
  [`*****#${DIGITS}`, true],
  [`*****#${DIGITS}0`, false],
  [`*****#${DIGITS}\n`, false],
  [` *****#${DIGITS}`, false],
  [`*****#${DIGITS.toUpperCase()}`, false],
  [DIGITS, false],
  ['*****', false],
  ['', false]
])('%j is a stand-in: %s', (value, standsIn) => {
  expect(isStandIn(value)).toBe(standsIn);
});
