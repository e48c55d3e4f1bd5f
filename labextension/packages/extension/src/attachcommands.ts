// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, type INotebook } from '@firesteel/panels';
import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ICommandContext } from './connectioncommands';
import { showDifference } from './difference';

/** How long (milliseconds) it is said that secrets were left out. */
const SHOWN = 8_000;

type Args = ReadonlyPartialJSONObject;

/** Keep a connection's configuration in the notebook; says what was left out. */
function attach(
  { firesteel, trans }: ICommandContext,
  notebook: INotebook,
  name: string
): void {
  const done = firesteel.model.attached.attachTo(notebook, name);
  if (!done) {
    Notification.error(trans.__('The configuration could not be attached.'));
  } else if (done.leftOut.length > 0) {
    Notification.info(
      trans.__(
        'Attached without what looks secret: %1',
        done.leftOut.slice(0, 5).join(', ')
      ),
      { autoClose: SHOWN }
    );
  }
}

/** Add the commands on what the active notebook asks for. */
export function addAttachCommands(
  commands: CommandRegistry,
  context: ICommandContext
): void {
  const { firesteel, trans } = context;
  const { attached } = firesteel.model;
  const writable = (): INotebook | undefined => {
    const { notebook } = attached.getState();
    return notebook && !notebook.readOnly ? notebook : undefined;
  };
  /** The connection that `args` name, else the one that the notebook goes with. */
  const connectionOf = (args: Args): string | undefined => {
    const { connection } = attached.relation();
    const named = args.name;
    const found =
      typeof named === 'string' ? firesteel.store.find(named) : connection;
    return found?.name;
  };
  commands.addCommand(CommandIDs.attachConfig, {
    label: trans.__('Attach Spark Configuration to Notebook'),
    caption: trans.__(
      'Keep the connection’s cluster, bundles and options in the notebook'
    ),
    isEnabled: args =>
      writable() !== undefined && connectionOf(args) !== undefined,
    execute: args => {
      const name = connectionOf(args);
      const notebook = writable();
      if (name !== undefined && notebook) {
        attach(context, notebook, name);
      }
    }
  });
  commands.addCommand(CommandIDs.detachConfig, {
    label: trans.__('Detach Spark Configuration from Notebook'),
    caption: trans.__('The notebook asks for no connection any more'),
    isEnabled: () =>
      writable() !== undefined && attached.getState().config !== undefined,
    execute: () => attached.detach()
  });
  commands.addCommand(CommandIDs.showConfigDifference, {
    label: trans.__('Show Difference of Spark Configuration'),
    caption: trans.__('What the notebook asks for beside what runs'),
    isEnabled: () => attached.relation().kind === 'differs',
    execute: async () => {
      const { connection, differences } = attached.relation();
      const notebook = writable();
      if (!connection || differences.length === 0) {
        return;
      }
      const { name } = connection;
      const overwrite = await showDifference(
        name,
        differences,
        notebook !== undefined,
        trans
      );
      if (overwrite && notebook) {
        attach(context, notebook, name);
      }
    }
  });
  addStartCommands(commands, context);
}

function addStartCommands(
  commands: CommandRegistry,
  { firesteel, trans, showPanel }: ICommandContext
): void {
  const { attached } = firesteel.model;
  commands.addCommand(CommandIDs.startAttached, {
    label: trans.__('Start Spark as the Notebook Asks'),
    isEnabled: () => attached.canStart() && !attached.getState().busy,
    execute: async () => {
      // From elsewhere than the panel's list one hasn't seen what it is.
      const { kind } = attached.relation();
      showPanel();
      if (kind === 'asks') {
        await attached.start();
      } else {
        attached.review();
      }
    }
  });
  commands.addCommand(CommandIDs.reviewAttached, {
    label: trans.__('Fill the Connection Form from the Notebook…'),
    isEnabled: () => attached.getState().config !== undefined,
    execute: () => {
      showPanel();
      attached.review();
    }
  });
}
