// SPDX-License-Identifier: Apache-2.0
import {
  canInsert,
  CommandIDs,
  flameIcon,
  IFiresteel,
  insertCode,
  sessionCode
} from '@firesteel/panels';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addAttachCommands } from '../attachcommands';
import {
  addLifecycleCommands,
  addQuietCommands,
  target,
  type ICommandContext
} from '../connectioncommands';
import { addFormCommands } from '../formcommands';
import { onRelevantChange } from '../relevance';
import { addSessionCommands } from '../sessioncommands';
import { IFiresteelSettings } from '../settings';

/** The panel's id in the shell. */
export const PANEL_ID = 'firesteel-panel';

function addPanelCommands(
  app: JupyterFrontEnd,
  { firesteel, trans, showPanel }: ICommandContext
): void {
  const { commands } = app;
  commands.addCommand(CommandIDs.showPanel, {
    label: trans.__('Show Firesteel Panel'),
    icon: flameIcon,
    execute: showPanel
  });
  commands.addCommand(CommandIDs.newConnection, {
    label: trans.__('New Spark Connection…'),
    caption: trans.__('Start a Spark server that notebooks can share'),
    isEnabled: () => firesteel.store.getState().known,
    execute: () => {
      showPanel();
      firesteel.model.form.open();
    }
  });
}

function addInsertCommand(
  app: JupyterFrontEnd,
  { firesteel, trans }: ICommandContext,
  tracker: INotebookTracker | null
): void {
  const usable = (args: object): boolean => {
    const state = target(firesteel, { ...args })?.state;
    return state === 'ready' || state === 'starting';
  };
  app.commands.addCommand(CommandIDs.insertCode, {
    label: args =>
      'name' in args
        ? trans.__('Insert Code')
        : trans.__('Insert Code for Spark Session'),
    caption: () =>
      canInsert(tracker?.currentWidget ?? null)
        ? trans.__('Insert the code that gives the notebook its Spark session')
        : trans.__(
            'Open a notebook first: the code goes into its current cell'
          ),
    isEnabled: args =>
      usable(args) && canInsert(tracker?.currentWidget ?? null),
    isVisible: args => !('name' in args) || usable(args),
    execute: args => {
      const connection = target(firesteel, args);
      const panel = tracker?.currentWidget;
      if (connection && panel) {
        insertCode(panel, sessionCode(connection));
        app.shell.activateById(panel.id);
      }
    }
  });
}

/** Tell buttons and menus when what the commands depend on has changed. */
function followChanges(
  app: JupyterFrontEnd,
  firesteel: IFiresteel,
  tracker: INotebookTracker | null
): void {
  const changed = (): void => {
    for (const id of Object.values(CommandIDs)) {
      if (app.commands.hasCommand(id)) {
        app.commands.notifyCommandChanged(id);
      }
    }
  };
  onRelevantChange(firesteel, changed);
  tracker?.currentChanged.connect((_, panel) => {
    changed();
    // A notebook has its model, or its rights, only after a while.
    void panel?.context.ready.then(changed);
  });
}

/** The commands, in the palette too. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@firesteel/labextension:commands',
  description: 'Adds the commands on Spark connections.',
  autoStart: true,
  requires: [IFiresteel, IFiresteelSettings],
  optional: [INotebookTracker, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    firesteel: IFiresteel,
    settings: IFiresteelSettings,
    tracker: INotebookTracker | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('firesteel');
    const context: ICommandContext = {
      firesteel,
      trans,
      showPanel: () => app.shell.activateById(PANEL_ID),
      asks: () => settings.confirmStop
    };
    addPanelCommands(app, context);
    addInsertCommand(app, context, tracker);
    addLifecycleCommands(app.commands, context);
    addQuietCommands(app.commands, context);
    addSessionCommands(app.commands, context);
    addFormCommands(app.commands, context);
    addAttachCommands(app.commands, context);
    followChanges(app, firesteel, tracker);
    for (const command of Object.values(CommandIDs)) {
      if (command === CommandIDs.releaseSession) {
        // It needs a session to be named.
        continue;
      }
      palette?.addItem({ command, category: trans.__('Firesteel') });
    }
  }
};
