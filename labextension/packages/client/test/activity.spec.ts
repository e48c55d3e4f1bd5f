// SPDX-License-Identifier: Apache-2.0
import {
  activityIdle,
  ConnectionStore,
  knownActivity,
  operationElapsed,
  sessionIdle,
  type IKnownActivity,
  type Operation
} from '@firesteel/client';
import {
  activity,
  connection,
  FakeSocket,
  operation,
  session,
  snapshot
} from './samples';

describe('the store', () => {
  let socket: FakeSocket;
  let store: ConnectionStore;

  function known(name = 'analysis'): IKnownActivity | undefined {
    return store.getState().activity.get(name);
  }

  beforeEach(() => {
    jest.useFakeTimers();
    store = new ConnectionStore({ open: () => (socket = new FakeSocket()) });
    store.start();
    socket.say({
      ...snapshot(connection()),
      activity: [activity({ sessions: [session()] })]
    });
  });

  afterEach(() => {
    store.dispose();
    jest.useRealTimers();
  });

  test('knows what the snapshot tells, and where the endpoint is', () => {
    expect(known()?.sessions).toEqual([session()]);
    expect(store.getState().endpoint?.port).toBe(15002);
  });

  test('an event replaces what was known of that connection alone', () => {
    socket.say(activity({ connection: 'b', sessions: [session()] }));
    socket.say(activity({ operations: [operation()] }));
    expect(known()?.sessions).toEqual([]);
    expect(known()?.operations).toMatchObject([{ operation_id: 'o1' }]);
    expect(known('b')?.sessions).toHaveLength(1);
  });

  test('a snapshot replaces all, but progress goes on', () => {
    const running = operation({ tasks: 100, completed_tasks: 50 });
    socket.say(activity({ operations: [running] }));
    socket.say(activity({ connection: 'b', sessions: [session()] }));
    socket.say({
      ...snapshot(connection()),
      activity: [activity({ operations: [{ ...running, tasks: 200 }] })]
    });
    expect(known('b')).toBeUndefined();
    expect(known()?.progress).toEqual({
      completed: 50,
      tasks: 200,
      fraction: 0.5
    });
  });

  test('a removed connection takes its activity with it', () => {
    socket.say({ type: 'removed', name: 'analysis' });
    expect(known()).toBeUndefined();
  });

  test('a connection may be called as anything that objects have', () => {
    expect(known('constructor')).toBeUndefined();
  });

  test('what did not change stays the same object', () => {
    socket.say(activity({ connection: 'b' }));
    const before = store.getState();
    socket.say(activity());
    expect(store.getState().activity.get('b')).toBe(before.activity.get('b'));
    expect(store.getState().connections).toBe(before.connections);
  });

  test('a daemon that is older tells nothing of activity', () => {
    const { activity: _activity, endpoint: _endpoint, ...older } = snapshot();
    socket.say(older);
    expect(store.getState().activity.size).toBe(0);
    expect(store.getState().endpoint).toBeUndefined();
  });
});

describe('progress', () => {
  function after(...steps: Partial<Operation>[][]): IKnownActivity {
    return steps.reduce<IKnownActivity | undefined>(
      (before, step) =>
        knownActivity(
          activity({ operations: step.map(item => operation(item)) }),
          before,
          0
        ),
      undefined
    )!;
  }

  test('is unknown without tasks', () => {
    expect(after([{}]).progress).toBeUndefined();
    expect(after([{}]).operations[0].progress).toBeUndefined();
  });

  test('never goes back when Spark finds more tasks', () => {
    const { progress, operations } = after(
      [{ tasks: 10, completed_tasks: 8 }],
      [{ tasks: 200, completed_tasks: 9 }]
    );
    expect(progress).toEqual({ completed: 9, tasks: 200, fraction: 0.8 });
    expect(operations[0].progress).toEqual(progress);
  });

  test('never goes back when Spark drops stages', () => {
    expect(
      after(
        [{ tasks: 100, completed_tasks: 50 }],
        [{ tasks: 40, completed_tasks: 10 }],
        [{ tasks: 0 }]
      ).progress
    ).toEqual({ completed: 50, tasks: 50, fraction: 1 });
  });

  test('counts all that runs, and not what has ended', () => {
    const known = after([
      { operation_id: 'a', tasks: 100, completed_tasks: 50 },
      { operation_id: 'b', tasks: 300, completed_tasks: 50 },
      { operation_id: 'c', tasks: 7, completed_tasks: 7, state: 'finished' }
    ]);
    expect(known.progress).toEqual({
      completed: 100,
      tasks: 400,
      fraction: 0.25
    });
    expect(known.running).toBe(2);
  });

  test('begins anew with other operations', () => {
    expect(
      after(
        [{ operation_id: 'a', tasks: 10, completed_tasks: 9 }],
        [{ operation_id: 'b', tasks: 10, completed_tasks: 1 }]
      ).progress?.fraction
    ).toBe(0.1);
  });
});

describe('times', () => {
  const known = knownActivity(
    activity({
      sessions: [
        session({ idle_ms: 5_000 }),
        session({ session_id: 's2', idle_ms: 60_000 })
      ],
      operations: [
        operation({ elapsed_ms: 400 }),
        operation({
          operation_id: 'o2',
          elapsed_ms: 900,
          state: 'finished'
        })
      ]
    }),
    undefined,
    1_000
  );

  test('go on while an operation runs, and stand when it has ended', () => {
    const [running, ended] = known.operations;
    expect(operationElapsed(running, known, 3_000)).toBe(2_400);
    expect(operationElapsed(ended, known, 3_000)).toBe(900);
  });

  test('of idleness go on, and begin at the latest call of all', () => {
    expect(sessionIdle(known.sessions[1], known, 3_000)).toBe(62_000);
    expect(activityIdle(known, 3_000)).toBe(7_000);
    expect(
      activityIdle(knownActivity(activity(), undefined, 0), 9)
    ).toBeUndefined();
  });

  test('of idleness are none while something runs', () => {
    expect(sessionIdle(session({ running: 1 }), known, 3_000)).toBe(0);
  });
});

test('what runs is counted by the sessions where the list is too short', () => {
  const known = knownActivity(
    activity({
      sessions: [session({ running: 60 })],
      operations: [operation()]
    }),
    undefined,
    0
  );
  expect(known.running).toBe(60);
});
