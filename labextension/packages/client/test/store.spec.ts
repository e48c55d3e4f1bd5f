// SPDX-License-Identifier: Apache-2.0
import {
  ConnectionStore,
  LATE,
  phaseElapsed,
  stateAge,
  stateSince,
  UnreachableError
} from '@firesteel/client';
import { connection, FakeSocket, snapshot } from './samples';

let sockets: FakeSocket[];
let store: ConnectionStore;
const diagnose = jest.fn<Promise<UnreachableError | undefined>, []>();

/** The socket that was opened last. */
function socket(): FakeSocket {
  return sockets[sockets.length - 1];
}

function names(): string[] {
  return store.getState().connections.map(item => item.name);
}

beforeEach(() => {
  jest.useFakeTimers();
  sockets = [];
  diagnose.mockReset().mockResolvedValue(undefined);
  store = new ConnectionStore({
    open: () => {
      sockets.push(new FakeSocket());
      return socket();
    },
    diagnose
  });
  store.start();
});

afterEach(() => {
  store.dispose();
  jest.useRealTimers();
});

describe('events', () => {
  test('before the snapshot nothing is known', () => {
    expect(store.getState()).toMatchObject({ known: false, live: false });
    expect(store.freshness()).toEqual({ kind: 'connecting', age: undefined });
  });

  test('a snapshot replaces what was known', () => {
    socket().say(
      snapshot(connection({ name: 'a' }), connection({ name: 'b' }))
    );
    expect(names()).toEqual(['a', 'b']);
    socket().say(snapshot(connection({ name: 'c' })));
    expect(names()).toEqual(['c']);
    expect(store.getState()).toMatchObject({
      known: true,
      live: true,
      daemonVersion: '0.1.0'
    });
    expect(store.getState().clusters[0].name).toBe('local');
  });

  test('a changed connection keeps its place, a new one comes last', () => {
    socket().say(
      snapshot(connection({ name: 'a' }), connection({ name: 'b' }))
    );
    socket().say({
      type: 'connection',
      connection: connection({ name: 'a', state: 'stopped' })
    });
    socket().say({ type: 'connection', connection: connection({ name: 'c' }) });
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(store.find('a')?.state).toBe('stopped');
  });

  test('there is one default at most', () => {
    socket().say(
      snapshot(
        connection({ name: 'a', is_default: true }),
        connection({ name: 'b' })
      )
    );
    socket().say({
      type: 'connection',
      connection: connection({ name: 'b', is_default: true })
    });
    expect(store.getState().connections.map(item => item.is_default)).toEqual([
      false,
      true
    ]);
  });

  test('a removed connection is gone', () => {
    socket().say(
      snapshot(connection({ name: 'a' }), connection({ name: 'b' }))
    );
    socket().say({ type: 'removed', name: 'a' });
    expect(names()).toEqual(['b']);
    expect(store.find('a')).toBeUndefined();
  });

  test('after a gap the store is not live until the next snapshot', () => {
    socket().say(snapshot(connection({ name: 'a' })));
    socket().say({ type: 'gap', dropped: 3 });
    expect(store.getState().live).toBe(false);
    expect(names()).toEqual(['a']);
    socket().say(snapshot());
    expect(store.getState().live).toBe(true);
    expect(names()).toEqual([]);
  });

  test.each([
    'not JSON',
    'null',
    '[]',
    '{"type":"other"}',
    '{"type":"snapshot"}',
    '{"type":"connection","connection":null}',
    '{"type":"removed"}',
    '{"type":"activity","connection":"a"}',
    '{"type":"snapshot","connections":[],"clusters":[],"activity":[null]}'
  ])('a message that is no event changes nothing: %s', message => {
    socket().say(snapshot(connection()));
    const before = store.getState();
    socket().say(message);
    expect(store.getState()).toBe(before);
  });

  test('listeners hear of changes, and not of ticks', () => {
    const listener = jest.fn();
    const unsubscribe = store.subscribe(listener);
    socket().say(snapshot());
    expect(listener).toHaveBeenCalledTimes(1);
    socket().say({ type: 'tick' });
    expect(listener).toHaveBeenCalledTimes(1);
    unsubscribe();
    socket().say(snapshot());
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('the preferred connection', () => {
  test.each([
    ['none', [], undefined],
    ['the only one', [connection({ name: 'a' })], 'a'],
    [
      'none of several',
      [connection({ name: 'a' }), connection({ name: 'b' })],
      undefined
    ],
    [
      'the default',
      [connection({ name: 'a' }), connection({ name: 'b', is_default: true })],
      'b'
    ]
  ])('is %s', (_, connections, expected) => {
    socket().say(snapshot(...connections));
    expect(store.preferred()?.name).toBe(expected);
  });
});

describe('freshness', () => {
  test('is live while ticks come', () => {
    socket().say(snapshot());
    for (let second = 0; second < 10; second++) {
      jest.advanceTimersByTime(1_000);
      socket().say({ type: 'tick' });
    }
    expect(store.freshness()).toEqual({ kind: 'live', age: 0 });
  });

  test('is late when they stop, and live again at the next', () => {
    socket().say(snapshot());
    const listener = jest.fn();
    store.subscribe(listener);
    jest.advanceTimersByTime(LATE - 1);
    expect(store.freshness().kind).toBe('live');
    jest.advanceTimersByTime(1);
    expect(store.freshness()).toEqual({ kind: 'late', age: LATE });
    expect(listener).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1_000);
    expect(store.freshness()).toEqual({ kind: 'late', age: LATE + 1_000 });
    socket().say({ type: 'tick' });
    expect(store.freshness()).toEqual({ kind: 'live', age: 0 });
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('tells the age of the last word while reconnecting', () => {
    socket().say(snapshot(connection({ name: 'a' })));
    jest.advanceTimersByTime(2_000);
    socket().drop();
    jest.advanceTimersByTime(100);
    expect(store.freshness()).toEqual({ kind: 'reconnecting', age: 2_100 });
    expect(names()).toEqual(['a']);
  });

  test('has no age when there never was a word', () => {
    socket().drop();
    expect(store.freshness()).toEqual({ kind: 'reconnecting', age: undefined });
  });
});

describe('reconnecting', () => {
  test('waits ever longer, to 5 s at most', () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const before = sockets.length;
      socket().drop();
      let waited = 0;
      while (sockets.length === before && waited < 10_000) {
        jest.advanceTimersByTime(50);
        waited += 50;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  test('begins anew after the daemon has answered', () => {
    socket().drop();
    jest.advanceTimersByTime(250);
    socket().drop();
    jest.advanceTimersByTime(500);
    socket().say(snapshot());
    expect(store.freshness().kind).toBe('live');
    socket().drop();
    jest.advanceTimersByTime(250);
    expect(sockets).toHaveLength(4);
  });

  test('a stream that falls silent is opened again', () => {
    socket().say(snapshot());
    const first = socket();
    jest.advanceTimersByTime(15_000);
    expect(first.closed).toBe(true);
    expect(store.freshness().kind).toBe('reconnecting');
    jest.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
  });

  test('an old stream is not heard any more', () => {
    socket().say(snapshot());
    const old = socket();
    const late = old.onmessage;
    old.drop();
    expect(late).not.toBeNull();
    expect(old.onmessage).toBeNull();
    jest.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
  });

  test('an address that cannot be opened is tried again', () => {
    const open = jest.fn(() => {
      throw new SyntaxError('no such address');
    });
    const broken = new ConnectionStore({ open });
    broken.start();
    expect(broken.freshness().kind).toBe('reconnecting');
    jest.advanceTimersByTime(250);
    expect(open).toHaveBeenCalledTimes(2);
    broken.dispose();
    jest.advanceTimersByTime(60_000);
    expect(open).toHaveBeenCalledTimes(2);
  });

  test('can be hurried', () => {
    socket().drop();
    store.retryNow();
    expect(sockets).toHaveLength(2);
    jest.advanceTimersByTime(250);
    expect(sockets).toHaveLength(2);
  });

  test('ends with the store', () => {
    const last = socket();
    store.dispose();
    expect(last.closed).toBe(true);
    jest.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });

  test('says why, once that is known', async () => {
    const reason = new UnreachableError('not_installed', 'no', 404);
    diagnose.mockResolvedValue(reason);
    socket().drop();
    await jest.advanceTimersByTimeAsync(0);
    expect(store.getState().reason).toBe(reason);
    await jest.advanceTimersByTimeAsync(250);
    socket().say(snapshot());
    expect(store.getState().reason).toBeUndefined();
  });
});

describe('times', () => {
  test('go on from what they were when the message arrived', () => {
    socket().say(
      snapshot(
        connection({
          state: 'starting',
          state_age_ms: 1_400,
          phases: [
            { phase: 'preparing', elapsed_ms: 200, done: true },
            { phase: 'starting_jvm', elapsed_ms: 1_200, done: false }
          ]
        })
      )
    );
    const arrived = store.now();
    jest.advanceTimersByTime(600);
    const known = store.find('analysis')!;
    const now = store.now();
    expect(stateAge(known, now)).toBe(2_000);
    expect(phaseElapsed(known, known.phases[0], now)).toBe(200);
    expect(phaseElapsed(known, known.phases[1], now)).toBe(1_800);
    expect(stateSince(known)).toBe(arrived - 1_400);
  });

  test('know nothing of the wall clock', () => {
    socket().say(snapshot(connection({ state_age_ms: 500 })));
    const known = store.find('analysis')!;
    const before = stateAge(known, store.now());
    jest.setSystemTime(new Date('2001-01-01'));
    expect(stateAge(known, store.now())).toBe(before);
  });
});
