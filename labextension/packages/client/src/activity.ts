// SPDX-License-Identifier: Apache-2.0
import type { ActivityEvent, Operation, Session } from './types';

/** How far running work has got. */
export interface IProgress {
  readonly completed: number;
  readonly tasks: number;
  /** From 0 to 1; never less than before, though Spark may find more tasks. */
  readonly fraction: number;
}

export interface IKnownOperation extends Operation {
  /** Absent while no tasks are known. */
  readonly progress?: IProgress;
}

/** Who uses a connection and what runs there. */
export interface IKnownActivity {
  readonly sessions: readonly Session[];
  /** Newest first. */
  readonly operations: readonly IKnownOperation[];
  /** How many operations run. */
  readonly running: number;
  /** Of all that runs, taken together. */
  readonly progress?: IProgress;
  /** Milliseconds on the store's clock at which the daemon's word arrived. */
  readonly arrived: number;
}

type Key = Pick<Operation, 'session_id' | 'operation_id'>;

/** Tells operations of a connection apart: clients choose the ids. */
export function operationKey(operation: Key): string {
  return `${operation.session_id} ${operation.operation_id}`;
}

/** What an event says; `before` is what was known of the connection. */
export function knownActivity(
  event: ActivityEvent,
  before: IKnownActivity | undefined,
  arrived: number
): IKnownActivity {
  const earlier = new Map(
    before?.operations.map(item => [operationKey(item), item])
  );
  const operations = event.operations.map(item => ({
    ...item,
    progress: onward(
      item.completed_tasks,
      item.tasks,
      earlier.get(operationKey(item))?.progress
    )
  }));
  const { sessions } = event;
  const running = operations.filter(isRunning);
  const counted = sessions.reduce((count, item) => count + item.running, 0);
  const same =
    before && keys(running) === keys(before.operations.filter(isRunning));
  return {
    sessions,
    operations,
    // The event holds no more than the latest operations.
    running: Math.max(running.length, counted),
    progress: onward(
      sum(running, item => item.progress?.completed),
      sum(running, item => item.progress?.tasks),
      same ? before.progress : undefined
    ),
    arrived
  };
}

function onward(
  completed: number,
  tasks: number,
  before: IProgress | undefined
): IProgress | undefined {
  if (tasks <= 0) {
    return before;
  }
  const most = Math.max(completed, before?.completed ?? 0);
  const all = Math.max(tasks, most);
  const fraction = Math.max(most / all, before?.fraction ?? 0);
  return { completed: most, tasks: all, fraction };
}

function sum(
  operations: readonly IKnownOperation[],
  count: (operation: IKnownOperation) => number | undefined
): number {
  return operations.reduce((total, item) => total + (count(item) ?? 0), 0);
}

function keys(operations: readonly IKnownOperation[]): string {
  return operations.map(operationKey).join('\n');
}

export function isRunning(operation: Operation): boolean {
  return operation.state === 'running';
}

/** How long (milliseconds) an operation has run by now, or ran. */
export function operationElapsed(
  operation: Operation,
  activity: IKnownActivity,
  now: number
): number {
  return (
    operation.elapsed_ms + (isRunning(operation) ? since(activity, now) : 0)
  );
}

/** For how long (milliseconds) a session has had nothing to do by now. */
export function sessionIdle(
  session: Session,
  activity: IKnownActivity,
  now: number
): number {
  return session.running > 0 ? 0 : session.idle_ms + since(activity, now);
}

/** For how long (milliseconds) nobody has had anything to do; undefined without sessions. */
export function activityIdle(
  activity: IKnownActivity,
  now: number
): number | undefined {
  return activity.sessions.reduce<number | undefined>(
    (least, item) =>
      Math.min(sessionIdle(item, activity, now), least ?? Infinity),
    undefined
  );
}

function since(activity: IKnownActivity, now: number): number {
  return Math.max(0, now - activity.arrived);
}
