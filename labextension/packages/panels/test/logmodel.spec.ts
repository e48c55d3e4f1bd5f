// SPDX-License-Identifier: Apache-2.0
import type { IKnownConnection, LogChunk } from '@firesteel/client';
import { LINES_KEPT, LogModel } from '../src/logmodel';

type Query = { after?: number; limit?: number };
const log = jest.fn<Promise<LogChunk>, [string, Query?]>();
let serverId: string | undefined;
let model: LogModel;

function chunk(lines: string[], next: number, end = true): LogChunk {
  return { lines, next, end };
}

function lines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index}`);
}

beforeEach(() => {
  log.mockReset();
  serverId = 'first';
  const find = () => ({ server_id: serverId }) as IKnownConnection;
  model = new LogModel({ log }, { find }, 'n');
});

test('begins with the last 500 lines and goes on from there', async () => {
  log.mockResolvedValueOnce(chunk(['a', 'b'], 4));
  expect(await model.read()).toEqual({
    added: ['a', 'b'],
    dropped: 0,
    restarted: false
  });
  log.mockResolvedValueOnce(chunk(['c'], 6));
  expect(await model.read()).toEqual({
    added: ['c'],
    dropped: 0,
    restarted: false
  });
  expect(log.mock.calls.map(call => call[1])).toEqual([
    { limit: 500 },
    { after: 4, limit: 5000 }
  ]);
});

test('reads on until the end', async () => {
  log.mockResolvedValueOnce(chunk([], 0));
  await model.read();
  log
    .mockResolvedValueOnce(chunk(['a'], 2, false))
    .mockResolvedValueOnce(chunk(['b'], 4, false))
    .mockResolvedValueOnce(chunk(['c'], 6));
  expect((await model.read()).added).toEqual(['a', 'b', 'c']);
});

test('a log without an end does not hold on for ever', async () => {
  log.mockResolvedValueOnce(chunk([], 0));
  await model.read();
  log.mockClear();
  log.mockImplementation((_, query) =>
    Promise.resolve(chunk(['x'], (query?.after ?? 0) + 1, false))
  );
  expect((await model.read()).added).toHaveLength(10);
  expect(log).toHaveBeenCalledTimes(10);
});

test('keeps so many lines and says how many it dropped', async () => {
  log.mockResolvedValueOnce(chunk(lines(500), 1));
  await model.read();
  log.mockResolvedValueOnce(chunk(lines(LINES_KEPT - 400), 2));
  expect((await model.read()).dropped).toBe(100);
  log.mockResolvedValueOnce(chunk(lines(LINES_KEPT), 3));
  const change = await model.read();
  expect(change.dropped).toBe(LINES_KEPT);
  expect(change.added).toHaveLength(LINES_KEPT);
});

test('another server has another log', async () => {
  log.mockResolvedValueOnce(chunk(['old'], 100));
  await model.read();
  serverId = 'second';
  log.mockResolvedValueOnce(chunk(['new'], 4));
  expect(await model.read()).toEqual({
    added: ['new'],
    dropped: 0,
    restarted: true
  });
  expect(log).toHaveBeenLastCalledWith('n', { limit: 500 });
});

test('a log that became shorter is read anew', async () => {
  log.mockResolvedValueOnce(chunk(['old'], 100));
  await model.read();
  log
    .mockResolvedValueOnce(chunk([], 4))
    .mockResolvedValueOnce(chunk(['new'], 4));
  expect(await model.read()).toEqual({
    added: ['new'],
    dropped: 0,
    restarted: true
  });
});

test('after a failure it goes on where it was', async () => {
  log.mockResolvedValueOnce(chunk(['a'], 2));
  await model.read();
  log.mockRejectedValueOnce(new Error('no'));
  await expect(model.read()).rejects.toThrow('no');
  log.mockResolvedValueOnce(chunk(['b'], 4));
  expect((await model.read()).added).toEqual(['b']);
  expect(log).toHaveBeenLastCalledWith('n', { after: 2, limit: 5000 });
});
