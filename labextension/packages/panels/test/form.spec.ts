// SPDX-License-Identifier: Apache-2.0
import { ApiError, type ErrorCode } from '@firesteel/client';
import { nullTranslator } from '@jupyterlab/translation';
import {
  draftErrors,
  draftOf,
  editedRow,
  freeName,
  isKept,
  nameError,
  newDraft,
  refusedField,
  requestOf,
  withOptions
} from '../src/form';
import { connection, STAND_IN } from '../../client/test/samples';

const trans = nullTranslator.load('firesteel');

describe('a free name', () => {
  test.each([
    ['local', [], 'local'],
    ['local', ['local'], 'local-2'],
    ['local', ['local', 'local-2'], 'local-3'],
    ['My cluster!', [], 'My-cluster-'],
    ['-x', [], 'x'],
    ['', [], 'spark'],
    ['ß', [], 'spark']
  ])('for %j beside %j is %j', (wish, taken, expected) => {
    expect(freeName(wish, taken)).toBe(expected);
    expect(nameError(expected, taken, trans)).toBeUndefined();
  });

  test('is never too long', () => {
    const long = 'x'.repeat(200);
    const first = freeName(long, []);
    expect(nameError(freeName(long, [first]), [first], trans)).toBeUndefined();
  });
});

describe('a name', () => {
  test.each(['a', '0', 'a.b-c_d', 'A'.repeat(64)])('may be %s', name => {
    expect(nameError(name, [], trans)).toBeUndefined();
  });

  test.each([
    ['', /name/],
    ['-a', /Begin/],
    ['.a', /Begin/],
    ['a b', /only/],
    ['a/b', /only/],
    ['é', /Begin/],
    ['aé', /only/],
    ['a\n', /only/],
    ['A'.repeat(65), /64/],
    ['taken', /already/]
  ])('may not be %j', (name, message) => {
    expect(nameError(name, ['taken'], trans)).toMatch(message);
  });
});

describe('a draft', () => {
  const draft = newDraft('n', 'local');
  const row = (key: number, name: string, value = 'v') => ({
    key,
    name,
    value
  });

  test('is right as it begins', () => {
    expect(draftErrors(draft, [], trans)).toEqual({});
  });

  test('tells which row has a value and no name', () => {
    const options = [row(3, 'spark.a'), row(5, ' ')];
    expect(Object.keys(draftErrors({ ...draft, options }, [], trans))).toEqual([
      'options.5'
    ]);
  });

  test('tells which row repeats an option', () => {
    const options = [row(1, 'spark.a'), row(2, ' spark.a ')];
    expect(Object.keys(draftErrors({ ...draft, options }, [], trans))).toEqual([
      'options.2'
    ]);
  });

  test('an empty row is nothing at all', () => {
    const options = [row(1, '', ''), row(2, '', '')];
    expect(draftErrors({ ...draft, options }, [], trans)).toEqual({});
    expect(requestOf({ ...draft, options }).options).toEqual({});
  });

  test('asks for values exactly as they were typed', () => {
    const value = ' a "b"; $(c)\t🔥 ';
    const request = requestOf({
      ...draft,
      options: [row(1, ' spark.a ', value)],
      javaHome: ' /opt/java ',
      sparkHome: '  '
    });
    expect(request).toEqual({
      name: 'n',
      cluster: 'local',
      bundles: [],
      options: { 'spark.a': value },
      environment: { java_home: '/opt/java' }
    });
  });

  test('of a connection asks for that connection again', () => {
    const definition = {
      name: 'again',
      cluster: 'local',
      bundles: ['a', 'b'],
      options: { 'spark.a': '1', 'spark.b': '' },
      environment: { python: '/p', java_home: '/j', spark_home: '/s' }
    };
    expect(requestOf(draftOf(connection(definition)))).toEqual(definition);
  });
});

describe('a row with a stand-in', () => {
  const row = { key: 1, name: 'spark.a.token', value: STAND_IN };
  const named = (from: typeof row, ...names: string[]) =>
    names.reduce((edited, name) => editedRow(edited, { name }), from);

  test('has no value under another name, and has it again under its own', () => {
    const cut = named(row, 'spark.a.toke');
    expect(cut.value).toBe('');
    expect(named(cut, 'spark.a.tok', 'spark.b.token').value).toBe('');
    expect(named(cut, 'spark.a.token').value).toBe(STAND_IN);
    expect(named(cut, '', ' spark.a.token ').value).toBe(STAND_IN);
  });

  test('has what was typed, under each name, until that is deleted', () => {
    const typed = editedRow(row, { value: 'x' });
    expect(typed.value).toBe('x');
    expect(named(typed, 'spark.b.token', row.name).value).toBe('x');
    expect(editedRow(typed, { value: '' }).value).toBe(STAND_IN);
    const other = named(typed, 'spark.b.token');
    expect(editedRow(other, { value: '' }).value).toBe('');
  });

  test('asks for what is kept', () => {
    expect(isKept(row)).toBe(true);
    const draft = { ...newDraft('n', 'local'), options: [row] };
    expect(requestOf(draft).options).toEqual({ 'spark.a.token': STAND_IN });
  });

  test('takes what comes in from a file, also nothing', () => {
    const { rows } = withOptions([editedRow(row, { value: 'x' })], {
      [row.name]: ''
    });
    expect(rows).toEqual([{ ...row, value: '' }]);
    expect(named(rows[0], 'x', row.name).value).toBe('');
  });
});

test('a row without a stand-in is as it was typed, whatever it looks like', () => {
  const row = { key: 1, name: 'spark.a', value: '1' };
  expect(editedRow(row, { name: 'spark.b' })).toEqual({
    ...row,
    name: 'spark.b'
  });
  const stars = editedRow(row, { value: STAND_IN });
  expect(isKept(stars)).toBe(false);
  expect(editedRow(stars, { name: 'spark.c' }).value).toBe(STAND_IN);
});

describe('a refusal', () => {
  const draft = {
    ...newDraft('n', 'local'),
    options: [{ key: 7, name: ' spark.a.b ', value: '' }]
  };
  const refusal = (code: ErrorCode, field?: string): ApiError =>
    new ApiError(400, { code, message: 'No.', field });

  test.each<[ErrorCode, string | undefined, string | undefined]>([
    ['connection_exists', undefined, 'name'],
    ['invalid_name', 'name', 'name'],
    ['unknown_cluster', undefined, 'cluster'],
    ['bad_request', 'environment.java_home', 'environment.java_home'],
    ['invalid_option', 'options.spark.a.b', 'options.7'],
    ['invalid_option', 'options.spark.other', undefined],
    ['internal', undefined, undefined]
  ])('%s at %s is shown at %s', (code, field, expected) => {
    expect(refusedField(refusal(code, field), draft)).toBe(expected);
  });

  test('is no other error', () => {
    expect(refusedField(new Error('name'), draft)).toBeUndefined();
  });
});
