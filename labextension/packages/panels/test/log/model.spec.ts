// SPDX-License-Identifier: Apache-2.0
import { UnreachableError } from '@firesteel/client';
import { LogModel } from '../../src/log/model';
import { DEFAULT_LOG_OPTIONS } from '../../src/log/options';
import { HITS_KEPT } from '../../src/log/search';
import { FakeLog, infoLines } from './fakelog';

let log: FakeLog;
let model: LogModel;

function make(lines: readonly string[]): void {
  log = new FakeLog(lines);
  model = new LogModel(log, 'n');
}

/** Let so many milliseconds go by. */
async function pass(ms = 0): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
}

beforeEach(() => jest.useFakeTimers());

afterEach(() => {
  model.dispose();
  jest.useRealTimers();
});

describe('following', () => {
  test('begins with the end, then asks for what is new only', async () => {
    make(infoLines(100_000));
    model.setVisible(true);
    await pass();
    expect([model.first, model.end]).toEqual([0, 100_000]);
    expect(model.line(99_999)?.text).toBe('INFO line 99999');
    expect(model.line(99_499)).toBeUndefined();
    await pass(200);
    log.add('INFO new');
    await pass();
    expect(model.line(100_000)?.text).toBe('INFO new');
    expect(log.asked).toEqual([
      { limit: 500 },
      { first: 100_000, limit: 500, seen: 1_000_000, wait_ms: 20_000 }
    ]);
  });

  test('asks for numbers only while nobody looks at the end', async () => {
    make(infoLines(10));
    model.setVisible(true);
    model.attentive = false;
    await pass(200);
    expect(log.asked[1]).toMatchObject({ first: 10, limit: 1 });
  });

  test('asks for nothing while it is hidden, and goes on at once', async () => {
    make(infoLines(10));
    await pass(60_000);
    expect(log.asked).toEqual([]);
    model.setVisible(true);
    await pass(200);
    model.setVisible(false);
    log.add('INFO late');
    const before = log.asked.length;
    await pass(60_000);
    expect(log.asked).toHaveLength(before);
    model.setVisible(true);
    await pass();
    expect(model.line(10)?.text).toBe('INFO late');
    // Not one that waits: what has come meanwhile is there already.
    expect(log.asked[before]?.wait_ms).toBeUndefined();
  });

  test('many lines at once are there as soon as they are looked at', async () => {
    make(infoLines(10));
    model.setVisible(true);
    await pass(200);
    log.add(...infoLines(3_000));
    await pass();
    expect(model.end).toBe(3_010);
    expect(model.line(3_000)).toBeUndefined();
    model.want(2_980, 3_010);
    await pass();
    expect(model.line(3_009)).toBeDefined();
  });

  test('of a log that is written fast it asks for the end', async () => {
    make(infoLines(10));
    model.setVisible(true);
    await pass(200);
    for (let turn = 0; turn < 3; turn++) {
      log.add(...infoLines(2_000));
      await pass(200);
    }
    expect(model.line(6_009)).toBeDefined();
    log.add('INFO slow');
    await pass(200);
    expect(log.asked[log.asked.length - 1]?.first).toBe(6_011);
  });

  test('a line without an end is shown, and shown again when it grows', async () => {
    make(['INFO a']);
    log.unfinished = 'half';
    model.setVisible(true);
    await pass(200);
    expect(model.end).toBe(2);
    expect(model.line(1)?.text).toBe('half');
    // It isn't indexed, and yet there is nothing to look through.
    expect(model.looking).toBe(false);
    expect(log.asked[log.asked.length - 1]?.wait_ms).toBe(20_000);
    log.unfinished = undefined;
    log.add('half and half');
    await pass(200);
    expect(model.end).toBe(2);
    expect(model.line(1)?.text).toBe('half and half');
  });

  test('a log that is looked through is asked for until it is known', async () => {
    make(infoLines(10));
    log.indexed = 50;
    model.setVisible(true);
    await pass(1_000);
    expect(log.asked.length).toBeGreaterThan(3);
    expect(log.asked.some(query => query?.wait_ms)).toBe(false);
    log.indexed = undefined;
    await pass(1_000);
    expect(log.asked[log.asked.length - 1]?.wait_ms).toBe(20_000);
  });

  test('another log takes the place of the one before', async () => {
    make(infoLines(2_000));
    model.setVisible(true);
    model.want(0, 40);
    await pass(200);
    expect(model.anewAt).toBeUndefined();
    log.restart('INFO other');
    await pass(200);
    expect([model.first, model.end]).toEqual([0, 1]);
    expect(model.line(0)?.text).toBe('INFO other');
    expect(model.anewAt).toBeDefined();
    log.add('INFO more');
    await pass(200);
    expect(model.end).toBe(2);
  });

  test('says why there is nothing newer, and goes on by itself', async () => {
    make(infoLines(10));
    model.setVisible(true);
    await pass(200);
    log.failure = new UnreachableError('network', 'x');
    log.wake();
    await pass(200);
    expect(model.problem).toBe(log.failure);
    expect(model.line(9)).toBeDefined();
    const before = log.asked.length;
    await pass(60_000);
    // Ever more seldom, ten seconds apart in the end.
    expect(log.asked.length - before).toBeLessThan(12);
    log.failure = undefined;
    await pass(10_000);
    expect(model.problem).toBeUndefined();
  });

  test('what was dropped is gone', async () => {
    make(infoLines(100));
    log.dropped = 40;
    model.setVisible(true);
    await pass();
    expect(model.first).toBe(40);
    expect(model.head?.dropped).toEqual({ bytes: 400, lines: 40 });
  });
});

test('a line without a level has that of the line it belongs to', async () => {
  make(['INFO a', 'ERROR b', '  at c', '  at d', 'INFO e']);
  model.setVisible(true);
  await pass();
  expect([0, 1, 2, 3, 4].map(line => model.level(line))).toEqual([
    'info',
    'error',
    'error',
    'error',
    'info'
  ]);
});

describe('search', () => {
  const look = { ...DEFAULT_LOG_OPTIONS, q: 'WARN' };

  function withWarnings(count: number, every: number): string[] {
    return infoLines(count).map((line, index) =>
      index % every === 0 ? `WARN ${index}` : line
    );
  }

  test('goes on step by step and tells how far it is', async () => {
    make(withWarnings(100, 10));
    model.setVisible(true);
    const seen: string[] = [];
    model.search.subscribe(() => {
      const finds = model.search.finds;
      seen.push(`${finds?.found} ${finds?.done} ${finds?.running}`);
    });
    model.find(look);
    await pass();
    expect(seen[0]).toBe('0 0 true');
    expect(seen[1]).toBe('1 100 true');
    expect(seen[seen.length - 1]).toBe('10 1000 false');
    expect(model.search.finds?.hits.map(hit => hit.number)).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90
    ]);
    expect(model.search.placeOf(30)).toBe(3);
    expect(model.search.placeOf(31)).toBeUndefined();
  });

  test('is cancelled: what was found stays, and nothing more is asked', async () => {
    make(withWarnings(1_000, 10));
    model.setVisible(true);
    let steps = 0;
    model.search.subscribe(() => {
      steps++;
      if (steps === 5) {
        model.search.cancel();
      }
    });
    model.find(look);
    await pass();
    const { finds } = model.search;
    expect(finds).toMatchObject({ running: false, cancelled: true });
    expect(finds?.hits).toHaveLength(4);
    expect(log.searched.length).toBeLessThan(8);
  });

  test('does not go on while it is hidden', async () => {
    make(withWarnings(100, 10));
    model.find(look);
    await pass(10_000);
    expect(log.searched).toEqual([]);
    model.setVisible(true);
    await pass();
    expect(model.search.finds?.found).toBe(10);
  });

  test('a new one ends the one before', async () => {
    make(withWarnings(1_000, 10));
    model.setVisible(true);
    model.find(look);
    model.find({ ...look, q: 'line 7' });
    await pass();
    expect(model.search.finds?.query.q).toBe('line 7');
    expect(
      model.search.finds?.hits.every(hit => hit.text.includes('line 7'))
    ).toBe(true);
  });

  test('a small log is searched again when it grows, quietly', async () => {
    make(withWarnings(100, 10));
    model.setVisible(true);
    model.find(look);
    await pass(200);
    log.add('WARN new');
    const counts = new Set<number | undefined>();
    model.search.subscribe(() => counts.add(model.search.finds?.found));
    await pass(2_500);
    expect([...counts]).toEqual([11]);
  });

  test('another log is searched anew', async () => {
    make(withWarnings(100, 10));
    model.setVisible(true);
    model.find(look);
    await pass(200);
    log.restart('WARN only');
    await pass(200);
    expect(model.search.finds?.hits.map(hit => hit.text)).toEqual([
      'WARN only'
    ]);
  });

  test('a pattern that is refused is said to be so', async () => {
    make(infoLines(10));
    model.setVisible(true);
    await pass(200);
    log.failure = new Error('missing )');
    model.find({ ...look, q: '(', regex: true });
    await pass();
    expect(model.search.finds).toMatchObject({
      running: false,
      problem: log.failure
    });
  });

  test('keeps so many hits', async () => {
    make(withWarnings(HITS_KEPT + 500, 1));
    log.stepLines = 1_000;
    model.setVisible(true);
    model.find(look);
    await pass();
    expect(model.search.finds?.hits).toHaveLength(HITS_KEPT);
    expect(model.search.finds?.found).toBe(HITS_KEPT + 500);
  });

  test('levels without words find the lines of these levels', async () => {
    make(['INFO a', 'WARN b', 'ERROR c']);
    model.setVisible(true);
    model.find({ ...DEFAULT_LOG_OPTIONS, filter: 'errors' });
    await pass();
    expect(log.searched[0]).toEqual({ levels: ['error', 'fatal'] });
    expect(model.search.finds?.hits.map(hit => hit.text)).toEqual(['ERROR c']);
  });
});
