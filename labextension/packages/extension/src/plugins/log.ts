// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, IFiresteel, LogModel, LogWidget } from '@firesteel/panels';
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { target } from '../connectioncommands';

/** A connection's log in a tab. */
export const logPlugin: JupyterFrontEndPlugin<void> = {
  id: '@firesteel/labextension:log',
  description: 'Shows the log of a Spark connection in a tab.',
  autoStart: true,
  requires: [IFiresteel],
  optional: [ILabShell, ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    firesteel: IFiresteel,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ): void => {
    const { api, store } = firesteel;
    const trans = (translator ?? nullTranslator).load('firesteel');
    const tracker = new WidgetTracker<LogWidget>({
      namespace: 'firesteel-log'
    });
    const nameOf = (args: { name?: unknown }): string | undefined =>
      // After a reload a tab comes back before the connections are known.
      typeof args.name === 'string' ? args.name : target(firesteel, {})?.name;
    app.commands.addCommand(CommandIDs.showLog, {
      label: args =>
        'name' in args
          ? trans.__('Show Log')
          : trans.__('Show Log of Connection'),
      isEnabled: args => nameOf(args) !== undefined,
      execute: async args => {
        const name = nameOf(args);
        if (name === undefined) {
          return;
        }
        let widget = tracker.find(item => item.name === name);
        if (!widget) {
          widget = new LogWidget(new LogModel(api, store, name), trans);
          // Notebook 7 has room for one document only; its logs go below it.
          app.shell.add(widget, labShell ? 'main' : 'down');
          await tracker.add(widget);
        }
        app.shell.activateById(widget.id);
      }
    });
    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.showLog,
        args: widget => ({ name: widget.name }),
        name: widget => widget.name
      });
    }
  }
};
