// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, IFiresteel, LogModel, LogWidget } from '@firesteel/panels';
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addTabs } from '../tabs';

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
    addTabs(
      app,
      firesteel,
      { labShell, restorer },
      {
        command: CommandIDs.showLog,
        namespace: 'firesteel-log',
        label: trans.__('Show Log'),
        longLabel: trans.__('Show Log of Connection'),
        make: name => new LogWidget(new LogModel(api, store, name), trans)
      }
    );
  }
};
