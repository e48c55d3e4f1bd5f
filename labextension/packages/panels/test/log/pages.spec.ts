// SPDX-License-Identifier: Apache-2.0
import type { LogWindow } from '@firesteel/client';
import {
  CHARACTERS_KEPT,
  LogPages,
  PAGE,
  PAGES_KEPT
} from '../../src/log/pages';
import { FakeLog, infoLines } from './fakelog';

const problems = jest.fn();
let log: FakeLog;
let pages: LogPages;

function make(lines: readonly string[]): void {
  log = new FakeLog(lines);
  pages = new LogPages({
    api: log,
    name: 'n',
    onWindow: (window: LogWindow) => pages.keep(window.lines),
    onProblem: problems
  });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await Promise.resolve();
  }
}

beforeEach(() => problems.mockReset());

test('fetches the pages that are looked at, once', async () => {
  make(infoLines(5_000));
  pages.want(990, 1_010);
  await settled();
  expect(pages.line(990)?.text).toBe('INFO line 990');
  expect(pages.line(1_009)?.text).toBe('INFO line 1009');
  expect(log.asked).toEqual([
    { first: 990, limit: 10 },
    { first: 1_000, limit: PAGE }
  ]);
  pages.want(995, 1_020);
  await settled();
  expect(log.asked).toHaveLength(2);
});

test('keeps so many pages, those that were looked at last', async () => {
  make(infoLines(PAGE * 50));
  for (let page = 0; page < 50; page++) {
    pages.want(page * PAGE, page * PAGE + 40);
    await settled();
    expect(pages.size).toBeLessThanOrEqual(PAGES_KEPT);
  }
  expect(pages.line(0)).toBeUndefined();
  expect(pages.line(49 * PAGE)).toBeDefined();
});

test('keeps so many characters, however few pages they are', async () => {
  make(Array.from({ length: PAGE * 10 }, () => 'x'.repeat(16_384)));
  for (let page = 0; page < 10; page++) {
    pages.want(page * PAGE, page * PAGE + 40);
    await settled();
  }
  expect(pages.characters).toBeLessThanOrEqual(CHARACTERS_KEPT);
  expect(pages.line(9 * PAGE)).toBeDefined();
});

test('what is not looked at any more is not fetched to its end', async () => {
  make(infoLines(50_000));
  pages.want(0, 40);
  pages.want(20_000, 20_040);
  await settled();
  expect(log.ended).toBe(1);
  expect(pages.line(0)).toBeUndefined();
  expect(pages.line(20_000)).toBeDefined();
  expect(problems).not.toHaveBeenCalled();
});

test('long lines come in several replies', async () => {
  make(infoLines(100));
  log.replyMost = 30;
  pages.want(0, 100);
  await settled();
  expect(pages.line(99)).toBeDefined();
  expect(log.asked.map(query => query?.first)).toEqual([0, 30, 60, 90]);
});

test('a reply without the line is not asked for again at once', async () => {
  make([]);
  pages.want(0, 10);
  await settled();
  expect(log.asked).toHaveLength(1);
});

test('a failure is told, and the lines can be asked for again', async () => {
  make(infoLines(10));
  log.failure = new Error('no');
  pages.want(0, 10);
  await settled();
  expect(problems).toHaveBeenCalledWith(log.failure);
  log.failure = undefined;
  pages.want(0, 10);
  await settled();
  expect(pages.line(9)).toBeDefined();
});
