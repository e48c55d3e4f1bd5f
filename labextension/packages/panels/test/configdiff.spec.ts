// SPDX-License-Identifier: Apache-2.0
import type { IKnownConnection } from '@firesteel/client';
import {
  activity,
  connection,
  session,
  STAND_IN
} from '../../client/test/samples';
import type { IAttachedConfig } from '../src/attachedconfig';
import {
  codeNames,
  configDifferences,
  configOf,
  requestOfConfig
} from '../src/configdiff';
import { relate } from '../src/relation';

function config(changes: Partial<IAttachedConfig> = {}): IAttachedConfig {
  return { bundles: [], options: new Map(), ...changes };
}

const runs = connection({
  name: 'analysis',
  cluster: 'local',
  bundles: ['a', 'b'],
  options: { 'spark.a': '1', 'spark.db.password': STAND_IN }
});

describe('what differs', () => {
  test('is nothing for what was attached', () => {
    expect(configDifferences(configOf(runs), runs)).toEqual([]);
  });

  test('is told with both values, added and removed and changed', () => {
    const notebook = config({
      cluster: 'k8s',
      bundles: ['b', 'c'],
      options: new Map([
        ['spark.a', '2'],
        ['spark.new', 'n'],
        ['spark.new.password', 'y']
      ])
    });
    expect(configDifferences(notebook, runs)).toEqual([
      {
        kind: 'cluster',
        name: '',
        notebook: 'k8s',
        connection: 'local',
        secret: false
      },
      { kind: 'bundle', name: 'c', notebook: 'c', secret: false },
      { kind: 'bundle', name: 'a', connection: 'a', secret: false },
      {
        kind: 'option',
        name: 'spark.a',
        notebook: '2',
        connection: '1',
        secret: false
      },
      {
        kind: 'option',
        name: 'spark.new',
        notebook: 'n',
        connection: undefined,
        secret: false
      },
      {
        kind: 'option',
        name: 'spark.new.password',
        notebook: 'y',
        connection: undefined,
        secret: true
      }
    ]);
  });

  test('is no secret that both have, as only the daemon knows both', () => {
    const { options } = configOf(runs);
    const notebook = config({
      bundles: runs.bundles,
      options: new Map([...options, ['spark.db.password', 'mine']])
    });
    expect(configDifferences(notebook, runs)).toEqual([]);
  });

  test('may be the order of the bundles, which counts', () => {
    const notebook = { ...configOf(runs), bundles: ['b', 'a'] };
    expect(configDifferences(notebook, runs).map(item => item.kind)).toEqual([
      'order'
    ]);
  });

  test('is no cluster where the notebook names none', () => {
    const notebook = { ...configOf(runs), cluster: undefined };
    expect(configDifferences(notebook, runs)).toEqual([]);
  });
});

test('a secret is not attached', () => {
  expect([...configOf(runs).options]).toEqual([['spark.a', '1']]);
});

test('options that run code are told from others', () => {
  const code = [
    'spark.driver.extraJavaOptions',
    'spark.jars.packages',
    'spark.plugins',
    'spark.sql.extensions',
    'spark.extraListeners',
    'spark.pyspark.python'
  ];
  const others = ['spark.executor.cores', 'spark.sql.shuffle.partitions'];
  expect(codeNames([...code, ...others])).toEqual(code);
});

test('a request has what the notebook asks for and nothing else', () => {
  expect(
    requestOfConfig(config({ options: new Map([['spark.a', '1']]) }))
  ).toEqual({ bundles: [], options: { 'spark.a': '1' } });
});

describe('the connection that counts', () => {
  const asked = config({
    options: new Map([['spark.a', '1']]),
    connection: 'named'
  });
  const known = (
    changes: Parameters<typeof connection>[0]
  ): IKnownConnection => ({ ...connection(changes), arrived: 0 });
  const like = known({ name: 'like', options: { 'spark.a': '1' } });
  const named = known({ name: 'named' });
  const preferred = known({ name: 'preferred', is_default: true });
  const used = known({ name: 'used' });
  const nobody = new Map();
  const uses = new Map([
    [
      'used',
      {
        ...activity({ sessions: [session({ notebook: 'n.ipynb' })] }),
        arrived: 0
      }
    ]
  ]) as unknown as Parameters<typeof relate>[0]['activity'];
  const kindAndName = (
    connections: IKnownConnection[],
    who = uses,
    wanted: IAttachedConfig | undefined = asked
  ): (string | undefined)[] => {
    const { kind, connection: found } = relate(
      { connections, activity: who },
      'n.ipynb',
      wanted
    );
    return [kind, found?.name];
  };

  test('is the used one, the named, one that is alike, or the default', () => {
    const all = [preferred, like, named, used];
    expect(kindAndName(all)).toEqual(['differs', 'used']);
    expect(kindAndName(all, nobody)).toEqual(['differs', 'named']);
    expect(kindAndName([preferred, like], nobody)).toEqual(['same', 'like']);
    expect(kindAndName([preferred, used], nobody)).toEqual([
      'differs',
      'preferred'
    ]);
  });

  test('is none when none is ready', () => {
    const stopped = known({ name: 'named', state: 'stopped' });
    expect(kindAndName([stopped])).toEqual(['asks', undefined]);
    const coming = { ...like, state: 'starting' as const };
    expect(kindAndName([stopped, coming])).toEqual(['coming', 'like']);
  });

  test('is offered to a notebook that asks for nothing', () => {
    const nothing = relate(
      { connections: [used], activity: nobody },
      'n.ipynb',
      undefined
    );
    expect([nothing.kind, nothing.connection?.name]).toEqual(['free', 'used']);
    expect(
      relate({ connections: [], activity: nobody }, 'n.ipynb', undefined).kind
    ).toBe('nothing');
    expect(
      relate({ connections: [used], activity: nobody }, undefined, undefined)
        .kind
    ).toBe('nothing');
  });
});
