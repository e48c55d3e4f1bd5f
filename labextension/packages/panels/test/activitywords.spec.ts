// SPDX-License-Identifier: Apache-2.0
import { knownActivity, type Operation, type Session } from '@firesteel/client';
import { nullTranslator } from '@jupyterlab/translation';
import { activity, operation, session } from '../../client/test/samples';
import {
  clientWords,
  operationWords,
  sessionName,
  usageWords,
  usersOf,
  yieldWords
} from '../src/activitywords';

const trans = nullTranslator.load('firesteel');

test.each([
  [
    '_SPARK_CONNECT_PYTHON spark/4.3.0 os/linux python/3.11.2',
    'Python 3.11 · Spark 4.3.0'
  ],
  [
    '_SPARK_CONNECT_SCALA spark/4.0.1 scala/2.13.16 jvm/17.0.1 os/linux',
    'Scala 2.13 · Spark 4.0.1'
  ],
  ['_SPARK_CONNECT_GO', 'Go'],
  ['SPARK_CONNECT_ELIXIR', 'Elixir'],
  ['dbt spark/4.3.0 os/linux python/3.12.1', 'dbt · Python 3.12 · Spark 4.3.0'],
  ['my/', 'my/'],
  ['', 'Unknown client'],
  ['constructor', 'constructor'],
  ['constructor/1 os/linux', 'Unknown client']
])('the client %s is %s', (type, words) => {
  expect(clientWords(type, trans)).toBe(words);
});

test('a session is called after its notebook, else after its client', () => {
  expect(sessionName(session({ notebook: 'a/b c.ipynb' }), trans)).toBe(
    'b c.ipynb'
  );
  const plain = session({ notebook: '', client_type: '_SPARK_CONNECT_GO' });
  expect(sessionName(plain, trans)).toBe('Go');
});

test('users are named once, and told apart by their paths', () => {
  const notebooks = ['a/x.ipynb', 'b/x.ipynb', 'c/y.ipynb', 'c/y.ipynb', ''];
  const sessions = notebooks.map(notebook => session({ notebook }));
  expect(usersOf(sessions, trans)).toEqual([
    'a/x.ipynb',
    'b/x.ipynb',
    'y.ipynb',
    'Python 3.11 · Spark 4.3.0'
  ]);
});

describe('the use of a connection', () => {
  function words(
    sessions: Partial<Session>[],
    operations: Partial<Operation>[] = []
  ): string {
    const event = activity({
      sessions: sessions.map(item => session(item)),
      operations: operations.map(item => operation(item))
    });
    return usageWords(knownActivity(event, undefined, 0), trans);
  }

  test('is told in numbers', () => {
    expect(words([{}])).toBe('1 notebook');
    expect(words([{}, { notebook: 'b' }, {}], [{}])).toBe(
      '2 notebooks · 1 operation runs'
    );
    expect(words([{}, { notebook: '' }], [{}, { operation_id: 'o2' }])).toBe(
      '1 notebook · 1 other client · 2 operations run'
    );
    expect(words([{ notebook: '' }, { notebook: '' }])).toBe('2 clients');
    expect(words([])).toBe('Nobody uses it');
  });
});

test.each([
  ['query', 'sql', 'SQL query'],
  ['query', 'aggregate', 'query: aggregate'],
  ['query', '', 'query'],
  ['command', 'write_operation_v2', 'write'],
  ['command', 'register_function', 'command: register function'],
  ['command', 'checkpoint_command', 'command: checkpoint'],
  ['analyze', 'schema', 'schema'],
  ['analyze', 'ddl_parse', 'analysis: ddl parse'],
  ['upload', '', 'upload']
] as const)('%s %s is called %s', (kind, detail, words) => {
  expect(operationWords({ kind, detail }, trans)).toBe(words);
});

test('what an operation gave is told, and of nothing nothing', () => {
  expect(yieldWords({ rows: 1, bytes: 20 }, trans)).toEqual(['1 row', '20 B']);
  expect(yieldWords({ rows: 1_234, bytes: 0 }, trans)).toEqual(['1,234 rows']);
  expect(yieldWords({ rows: 0, bytes: 0 }, trans)).toEqual([]);
});
