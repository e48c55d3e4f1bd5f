// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, IFiresteel, PanelWidget } from '@firesteel/panels';
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { showMarkdown } from '../markdown';
import { rememberUnfolded } from '../memory';
import { notifyEndOfStart } from '../notify';
import { IFiresteelSettings } from '../settings';

/** Where the panel comes among the sidebar's tabs: after Lab's own. */
const RANK = 600;

/** The panel in the left sidebar. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: '@firesteel/labextension:panel',
  description: 'Adds the panel of Spark connections to the sidebar.',
  autoStart: true,
  requires: [IFiresteel, IFiresteelSettings],
  optional: [ILayoutRestorer, IStateDB, IRenderMimeRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    firesteel: IFiresteel,
    settings: IFiresteelSettings,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    rendermime: IRenderMimeRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('firesteel');
    const { model } = firesteel;
    const panel = new PanelWidget({
      model,
      commands: app.commands,
      trans,
      ...(rendermime && {
        showMarkdown: (source, host) => showMarkdown(rendermime, source, host)
      })
    });
    app.shell.add(panel, 'left', { rank: RANK, type: 'Firesteel' });
    restorer?.add(panel, panel.id);
    if (state) {
      void rememberUnfolded(firesteel, state);
    }
    model.onStartEnded(connection => {
      if (settings.notifyStart && !panel.isVisible) {
        notifyEndOfStart(connection, trans, () => {
          void app.commands.execute(CommandIDs.showPanel);
        });
      }
    });
  }
};
