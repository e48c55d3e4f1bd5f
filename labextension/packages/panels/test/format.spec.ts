// SPDX-License-Identifier: Apache-2.0
import { nullTranslator } from '@jupyterlab/translation';
import { formatAge, formatBytes, formatCount, formatWait } from '../src/format';

const trans = nullTranslator.load('firesteel');

test.each([
  [0, '0.0 s'],
  [249, '0.2 s'],
  [9_999, '9.9 s'],
  [10_000, '10 s'],
  [59_999, '59 s'],
  [125_000, '2 min 5 s']
])('someone waits %d ms as %s', (ms, words) => {
  expect(formatWait(ms, trans)).toBe(words);
});

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [86_400_000, '1 d']
])('%d ms are %s old', (ms, words) => {
  expect(formatAge(ms, trans)).toBe(words);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [9_999, '9.9 kB'],
  [12_345_678, '12 MB'],
  [1_240_000_000, '1.2 GB'],
  [5_000_000_000_000_000, '5000 TB']
])('%d bytes are %s', (bytes, words) => {
  expect(formatBytes(bytes, trans)).toBe(words);
});

test('thousands are apart', () => {
  expect(formatCount(9_950)).toBe('9,950');
});
