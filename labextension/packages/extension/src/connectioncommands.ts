// SPDX-License-Identifier: Apache-2.0
import type { ConnectionState, IKnownConnection } from '@firesteel/client';
import { CommandIDs, usersOf, type IFiresteel } from '@firesteel/panels';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { confirmRemove, confirmRestart, confirmStop } from './confirm';
import { copyEndpoint } from './endpoint';

/** What commands on a connection need. */
export interface ICommandContext {
  readonly firesteel: IFiresteel;
  readonly trans: TranslationBundle;
  readonly showPanel: () => void;
  /** Whether a stop or a restart is asked about. */
  readonly asks: () => boolean;
}

type Args = ReadonlyPartialJSONObject;

/** The connection that a command's `args` mean. */
export function target(
  firesteel: IFiresteel,
  args: Args
): IKnownConnection | undefined {
  const { store } = firesteel;
  return typeof args.name === 'string'
    ? store.find(args.name)
    : store.preferred();
}

interface IConnectionCommand {
  /** Its label in a connection's menu. */
  readonly label: string;
  /** Its label in the palette, where it acts on the default connection. */
  readonly longLabel: string;
  /** Whether it can be done with this connection at all. */
  readonly applies: (connection: IKnownConnection) => boolean;
  readonly execute: (connection: IKnownConnection) => unknown;
}

/** Tells which states a command applies in. */
function inStates(
  ...states: ConnectionState[]
): (connection: IKnownConnection) => boolean {
  return connection => states.includes(connection.state);
}

/**
 * Add a command on a connection. Without one it is disabled; in a menu of a
 * connection that it does not apply to it is hidden.
 */
export function addConnectionCommand(
  commands: CommandRegistry,
  id: string,
  context: ICommandContext,
  command: IConnectionCommand
): void {
  const { firesteel } = context;
  commands.addCommand(id, {
    label: args => ('name' in args ? command.label : command.longLabel),
    isEnabled: args => {
      const connection = target(firesteel, args);
      return (
        connection !== undefined &&
        command.applies(connection) &&
        !(connection.name in firesteel.model.getState().pending)
      );
    },
    isVisible: args => {
      const connection = target(firesteel, args);
      return !('name' in args) || !connection || command.applies(connection);
    },
    execute: args => {
      const connection = target(firesteel, args);
      if (connection && command.applies(connection)) {
        return command.execute(connection);
      }
    }
  });
}

/**
 * Whether the server may end: asked of the user only when somebody would lose
 * something, or when it is not known who uses it now.
 */
async function agreed(
  { name, state }: IKnownConnection,
  { firesteel, trans, asks }: ICommandContext,
  confirm: typeof confirmStop
): Promise<boolean> {
  // Nobody has a session yet on one that is starting.
  if (state === 'starting' || !asks()) {
    return true;
  }
  const { live, activity } = firesteel.store.getState();
  const known = activity.get(name);
  const users = usersOf(known?.sessions ?? [], trans);
  const used = users.length > 0 || (known?.running ?? 0) > 0;
  return (live && !used) || confirm(name, users, trans);
}

/** Add the commands that start, stop and forget connections. */
export function addLifecycleCommands(
  commands: CommandRegistry,
  context: ICommandContext
): void {
  const { firesteel, trans, showPanel } = context;
  const { model } = firesteel;
  model.form.agree = connection => agreed(connection, context, confirmRestart);
  addConnectionCommand(commands, CommandIDs.start, context, {
    label: trans.__('Start'),
    longLabel: trans.__('Start Connection'),
    applies: inStates('stopped', 'failed'),
    execute: ({ name }) => model.run(name, 'start')
  });
  addConnectionCommand(commands, CommandIDs.edit, context, {
    label: trans.__('Configure…'),
    longLabel: trans.__('Configure Connection…'),
    applies: inStates('ready', 'stopped', 'failed'),
    execute: ({ name }) => {
      showPanel();
      model.form.edit(name);
    }
  });
  addConnectionCommand(commands, CommandIDs.stop, context, {
    label: trans.__('Stop…'),
    longLabel: trans.__('Stop Connection…'),
    applies: inStates('starting', 'ready'),
    execute: async connection => {
      const { name } = connection;
      if (await agreed(connection, context, confirmStop)) {
        await model.run(name, 'stop');
      }
    }
  });
  addConnectionCommand(commands, CommandIDs.restart, context, {
    label: trans.__('Restart…'),
    longLabel: trans.__('Restart Connection…'),
    applies: inStates('ready'),
    execute: async connection => {
      const { name } = connection;
      if (await agreed(connection, context, confirmRestart)) {
        await model.run(name, 'restart');
      }
    }
  });
  addConnectionCommand(commands, CommandIDs.remove, context, {
    label: trans.__('Remove…'),
    longLabel: trans.__('Remove Connection…'),
    applies: inStates('stopped', 'failed'),
    execute: async ({ name }) => {
      if (await confirmRemove(name, trans)) {
        await model.run(name, 'remove');
      }
    }
  });
}

/** Add the commands that leave the server as it is. */
export function addQuietCommands(
  commands: CommandRegistry,
  context: ICommandContext
): void {
  const { firesteel, trans } = context;
  addConnectionCommand(commands, CommandIDs.copyEndpoint, context, {
    label: trans.__('Copy Endpoint'),
    longLabel: trans.__('Copy Endpoint of Connection'),
    applies: inStates('ready'),
    execute: ({ name }) => copyEndpoint(firesteel, name, trans)
  });
  addConnectionCommand(commands, CommandIDs.makeDefault, context, {
    label: trans.__('Make Default'),
    longLabel: trans.__('Make Connection the Default'),
    applies: connection => !connection.is_default,
    execute: ({ name }) => firesteel.model.run(name, 'makeDefault')
  });
}
