// SPDX-License-Identifier: Apache-2.0
import { nullTranslator } from '@jupyterlab/translation';
import { STAND_IN } from '../../client/test/samples';
import {
  attachedValue,
  detachedValue,
  parseAttached,
  shown
} from '../src/attachedconfig';

const trans = nullTranslator.load('firesteel');
const parse = (value: unknown) => parseAttached(value, trans);

/** As the existing extension writes it. */
const WRITTEN = {
  cluster_name: 'k8s',
  bundled_options: ['bundle-a'],
  list_of_options: [{ name: 'spark.executor.cores', value: '2' }]
};

describe('what is read', () => {
  test('is the layout that there is already', () => {
    expect(parse(WRITTEN)).toEqual({
      config: {
        cluster: 'k8s',
        bundles: ['bundle-a'],
        options: new Map([['spark.executor.cores', '2']]),
        connection: undefined
      },
      dropped: []
    });
  });

  test('may be older, and name no cluster', () => {
    const { config, dropped } = parse({
      bundled_options: [],
      list_of_options: [{ name: 'spark.a', value: '' }]
    });
    expect(config?.cluster).toBeUndefined();
    expect([...config!.options]).toEqual([['spark.a', '']]);
    expect(dropped).toEqual([]);
  });

  test('may have numbers and truths for values', () => {
    const list_of_options = [
      { name: 'spark.a', value: 2 },
      { name: 'spark.b', value: false },
      { name: 'spark.c', value: Number.NaN }
    ];
    const { config, dropped } = parse({ list_of_options });
    expect([...config!.options]).toEqual([
      ['spark.a', '2'],
      ['spark.b', 'false']
    ]);
    expect(dropped).toHaveLength(1);
  });

  test.each([[undefined], [null], [{}], [{ list_of_options: [] }]])(
    'of %j is nothing, and nothing is wrong',
    value => {
      expect(parse(value)).toEqual({ config: undefined, dropped: [] });
    }
  );

  test('names the connection that it was taken from', () => {
    const firesteel = { connection: 'analysis' };
    expect(parse({ firesteel }).config?.connection).toBe('analysis');
  });
});

describe('what is hostile', () => {
  test.each<[string, unknown, RegExp]>([
    ['a list', [WRITTEN], /not of the form/],
    ['a text', 'spark', /not of the form/],
    ['a number', 7, /not of the form/],
    ['an object for a list', { list_of_options: { length: 3 } }, /not a list/],
    ['a text for a list', { bundled_options: 'abc' }, /not a list/],
    ['a list for an option', { list_of_options: [[1]] }, /no name/],
    ['null for an option', { list_of_options: [null] }, /no name/],
    [
      'an object for a name',
      { list_of_options: [{ name: {}, value: '1' }] },
      /not a text/
    ],
    [
      'an object for a value',
      { list_of_options: [{ name: 'spark.a', value: {} }] },
      /spark\.a: not a text/
    ],
    ['an object for a cluster', { cluster_name: {} }, /not a text/],
    ['a long cluster', { cluster_name: 'x'.repeat(65) }, /longer/],
    [
      'a line feed in a name',
      { list_of_options: [{ name: 'a\nb', value: '1' }] },
      /no name of an option/
    ],
    [
      'an escape in a name',
      { list_of_options: [{ name: 'a\u001b[2J', value: '1' }] },
      /can’t be seen/
    ],
    [
      'turned text in a value',
      { list_of_options: [{ name: 'spark.a', value: 'x\u202ey' }] },
      /can’t be seen/
    ],
    [
      'a null byte in a value',
      { list_of_options: [{ name: 'spark.a', value: 'x\u0000' }] },
      /can’t be seen/
    ],
    [
      'an equals sign in a name',
      { list_of_options: [{ name: 'a=b', value: '1' }] },
      /no name of an option/
    ],
    [
      'a huge value',
      { list_of_options: [{ name: 'spark.a', value: 'x'.repeat(65_537) }] },
      /longer than/
    ],
    [
      'what stands for somebody’s secret',
      { list_of_options: [{ name: 'spark.a.token', value: STAND_IN }] },
      /spark\.a\.token: only stands for/
    ],
    [
      'the same under a name that isn’t secret',
      { list_of_options: [{ name: 'spark.a', value: STAND_IN }] },
      /spark\.a: only stands for/
    ],
    [
      'a path for a connection',
      { firesteel: { connection: '../x' } },
      /no name of a connection/
    ]
  ])('%s is dropped, and said', (_, value, words) => {
    const { config, dropped } = parse(value);
    expect(config).toBeUndefined();
    expect(dropped.join()).toMatch(words);
  });

  test('names of objects’ own things pollute nothing', () => {
    const value: unknown = JSON.parse(
      `{"__proto__": {"cluster_name": "evil", "polluted": 1},
        "constructor": {"prototype": {"polluted": 1}},
        "list_of_options": [
          {"name": "__proto__", "value": "1"},
          {"name": "constructor", "value": "2"},
          {"__proto__": {"name": "spark.inherited", "value": "3"}}]}`
    );
    const { config } = parse(value);
    expect(config?.cluster).toBeUndefined();
    expect([...config!.options]).toEqual([['constructor', '2']]);
    expect({}).not.toHaveProperty('polluted');
    expect(attachedValue(config!, value)).not.toHaveProperty('polluted');
  });

  test('what is inherited does not count', () => {
    expect(parse(Object.create(WRITTEN)).config).toBeUndefined();
  });

  test('a million entries are looked at in no time, and few are named', () => {
    const entry = { name: 'spark.a', value: {} };
    const list_of_options = new Array<unknown>(1_000_000).fill(entry);
    const { config, dropped } = parse({ list_of_options });
    expect(config).toBeUndefined();
    expect(dropped.length).toBeLessThan(12);
    expect(dropped[dropped.length - 1]).toMatch(/and \d+ more/);
  });

  test('there is a greatest number of options and of bundles', () => {
    const { config, dropped } = parse({
      bundled_options: Array.from({ length: 150 }, (_, index) => `b${index}`),
      list_of_options: Array.from({ length: 1_500 }, (_, index) => ({
        name: `spark.o${index}`,
        value: ''
      }))
    });
    expect(config?.bundles).toHaveLength(100);
    expect(config?.options.size).toBe(1_000);
    expect(dropped.join()).toMatch(/more than/);
  });

  test('there is a greatest size in all', () => {
    const list_of_options = Array.from({ length: 100 }, (_, index) => ({
      name: `spark.o${index}`,
      value: 'x'.repeat(60_000)
    }));
    const { config, dropped } = parse({ list_of_options });
    expect(config?.options.size).toBe(4);
    expect(dropped.join()).toMatch(/too much in all/);
  });

  test('is shown short, with what can’t be seen made visible', () => {
    expect(shown('a\u202eb\u0007')).toBe('a�b�');
    expect(shown('x'.repeat(100), 10)).toBe(`${'x'.repeat(10)}…`);
    const name = `${'n'.repeat(400)}=`;
    const { dropped } = parse({ list_of_options: [{ name, value: '' }] });
    expect(dropped[0].length).toBeLessThan(120);
  });
});

describe('what is written', () => {
  const config = {
    cluster: 'local',
    bundles: ['b'],
    options: new Map([
      ['spark.a', '1'],
      ['spark.b', '2']
    ]),
    connection: 'analysis'
  };

  test('is the same layout, and is read again', () => {
    const value = attachedValue(config, undefined);
    expect(value).toEqual({
      cluster_name: 'local',
      bundled_options: ['b'],
      list_of_options: [
        { name: 'spark.a', value: '1' },
        { name: 'spark.b', value: '2' }
      ],
      firesteel: { connection: 'analysis' }
    });
    expect(parse(value).config).toEqual(config);
  });

  test('keeps whatever isn’t known, at every level', () => {
    const before = {
      ...WRITTEN,
      list_of_options: [{ name: 'spark.a', value: '0', note: 'mine' }],
      theirs: { deep: [1] },
      firesteel: { connection: 'old', later: true }
    };
    expect(attachedValue(config, before)).toEqual({
      cluster_name: 'local',
      bundled_options: ['b'],
      list_of_options: [
        { name: 'spark.a', value: '1', note: 'mine' },
        { name: 'spark.b', value: '2' }
      ],
      theirs: { deep: [1] },
      firesteel: { connection: 'analysis', later: true }
    });
    expect(detachedValue(before)).toEqual({
      theirs: { deep: [1] },
      firesteel: { later: true }
    });
  });

  test('is nothing at all when all that was there was known', () => {
    expect(detachedValue(attachedValue(config, undefined))).toBeUndefined();
    expect(detachedValue('junk')).toBeUndefined();
  });

  test('stands in the place of what can’t be kept', () => {
    expect(attachedValue(config, [1]).cluster_name).toBe('local');
  });
});
