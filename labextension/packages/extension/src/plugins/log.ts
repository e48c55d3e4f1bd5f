// SPDX-License-Identifier: Apache-2.0
import {
  CommandIDs,
  DEFAULT_LOG_OPTIONS,
  IFiresteel,
  LogWidget,
  optionsOf
} from '@firesteel/panels';
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { writeClipboard } from '../clipboard';
import { IFiresteelSettings } from '../settings';
import { addTabs } from '../tabs';

/** A connection's log in a tab. */
export const logPlugin: JupyterFrontEndPlugin<void> = {
  id: '@firesteel/labextension:log',
  description: 'Shows the log of a Spark connection in a tab.',
  autoStart: true,
  requires: [IFiresteel, IFiresteelSettings],
  optional: [ILabShell, ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    firesteel: IFiresteel,
    settings: IFiresteelSettings,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ): void => {
    const { api } = firesteel;
    const trans = (translator ?? nullTranslator).load('firesteel');
    const tabs: WidgetTracker<LogWidget> = addTabs(
      app,
      firesteel,
      { labShell, restorer },
      {
        command: CommandIDs.showLog,
        namespace: 'firesteel-log',
        label: trans.__('Show Log'),
        longLabel: trans.__('Show Log of Connection'),
        make: (name, args) =>
          new LogWidget({
            api,
            name,
            options: optionsOf(args, {
              ...DEFAULT_LOG_OPTIONS,
              wrap: settings.logWrap,
              timestamps: settings.logTimestamps
            }),
            copy: writeClipboard,
            onOptions: tab => {
              const { wrap, timestamps } = tab.options;
              settings.remember({ logWrap: wrap, logTimestamps: timestamps });
              void tabs.save(tab);
            },
            trans
          }),
        show: (tab, { line }) => {
          if (typeof line === 'number' && Number.isSafeInteger(line)) {
            tab.goToLine(line);
          }
        },
        saved: tab => ({ ...tab.options })
      }
    );
  }
};
