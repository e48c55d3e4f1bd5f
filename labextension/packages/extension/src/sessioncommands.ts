// SPDX-License-Identifier: Apache-2.0
import {
  isRunning,
  type IKnownActivity,
  type IKnownConnection,
  type InterruptRequest
} from '@firesteel/client';
import { CommandIDs, sessionName, usersOf } from '@firesteel/panels';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { confirmInterruptAll, confirmRelease } from './confirm';
import { target, type ICommandContext } from './connectioncommands';

type Args = ReadonlyPartialJSONObject;

/** What of a connection a command's `args` mean. */
function part(args: Args): InterruptRequest {
  const { session_id, operation_id } = args;
  return {
    ...(typeof session_id === 'string' && { session_id }),
    ...(typeof operation_id === 'string' && { operation_id })
  };
}

/** Whether anything that `what` means runs. */
function runs(
  activity: IKnownActivity | undefined,
  what: InterruptRequest
): boolean {
  if (!activity) {
    return false;
  }
  if (what.operation_id !== undefined) {
    return activity.operations.some(
      item =>
        isRunning(item) &&
        item.operation_id === what.operation_id &&
        item.session_id === what.session_id
    );
  }
  return what.session_id === undefined
    ? activity.running > 0
    : activity.sessions.some(
        item => item.session_id === what.session_id && item.running > 0
      );
}

/** Add the commands on what uses a connection. */
export function addSessionCommands(
  commands: CommandRegistry,
  context: ICommandContext
): void {
  addInterruptCommand(commands, context);
  addReleaseCommand(commands, context);
}

function addInterruptCommand(
  commands: CommandRegistry,
  { firesteel, trans }: ICommandContext
): void {
  const { model, store } = firesteel;
  const activityOf = (
    connection: IKnownConnection
  ): IKnownActivity | undefined =>
    store.getState().activity.get(connection.name);
  const running = (args: Args): boolean => {
    const connection = target(firesteel, args);
    return (
      connection?.state === 'ready' && runs(activityOf(connection), part(args))
    );
  };
  commands.addCommand(CommandIDs.interrupt, {
    label: args =>
      'name' in args
        ? trans.__('Interrupt All')
        : trans.__('Interrupt All Operations of Connection'),
    caption: args => (running(args) ? '' : trans.__('Nothing runs now')),
    isEnabled: args => {
      const name = target(firesteel, args)?.name ?? '';
      return running(args) && !model.isAsking('interrupt', name, part(args));
    },
    isVisible: args =>
      !('name' in args) || target(firesteel, args)?.state === 'ready',
    execute: async args => {
      const connection = target(firesteel, args);
      const activity = connection && activityOf(connection);
      if (!activity) {
        return;
      }
      const what = part(args);
      const all = what.session_id === undefined;
      if (all && activity.running > 1) {
        const users = usersOf(
          activity.sessions.filter(item => item.running > 0),
          trans
        );
        if (!(await confirmInterruptAll(connection.name, users, trans))) {
          return;
        }
      }
      await model.interrupt(connection.name, what);
    }
  });
}

function addReleaseCommand(
  commands: CommandRegistry,
  { firesteel, trans }: ICommandContext
): void {
  const { model, store } = firesteel;
  commands.addCommand(CommandIDs.releaseSession, {
    label: trans.__('Release Session…'),
    isEnabled: args => {
      const { session_id } = part(args);
      const name = target(firesteel, args)?.name ?? '';
      return (
        session_id !== undefined &&
        !model.isAsking('release', name, { session_id })
      );
    },
    execute: async args => {
      const connection = target(firesteel, args);
      const session = store
        .getState()
        .activity.get(connection?.name ?? '')
        ?.sessions.find(item => item.session_id === args.session_id);
      if (!connection || !session) {
        return;
      }
      const user = sessionName(session, trans);
      if (await confirmRelease(user, session.running, trans)) {
        await model.release(connection.name, session.session_id);
      }
    }
  });
}
