// SPDX-License-Identifier: Apache-2.0
import {
  CommandIDs,
  hasSparkUi,
  IFiresteel,
  SparkUiWidget
} from '@firesteel/panels';
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { target } from '../connectioncommands';
import { addTabs } from '../tabs';

/** A connection's Spark UI, in a tab of Lab or of the browser. */
export const sparkUiPlugin: JupyterFrontEndPlugin<void> = {
  id: '@firesteel/labextension:spark-ui',
  description: 'Shows the Spark UI of a Spark connection in a tab.',
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
    const hasUi = (name: string | undefined): boolean => {
      const connection = name === undefined ? undefined : store.find(name);
      return connection !== undefined && hasSparkUi(connection);
    };
    const inBrowser = (args: object): string | undefined => {
      const name = target(firesteel, { ...args })?.name;
      return hasUi(name) ? name : undefined;
    };
    const opensBrowser: Omit<CommandRegistry.ICommandOptions, 'label'> = {
      isEnabled: args => inBrowser(args) !== undefined,
      isVisible: args => !('name' in args) || inBrowser(args) !== undefined,
      execute: args => {
        const name = inBrowser(args);
        if (name !== undefined) {
          window.open(api.sparkUiUrl(name), '_blank', 'noopener');
        }
      }
    };
    if (!labShell) {
      // Notebook 7 has no room for it but a strip below the document.
      app.commands.addCommand(CommandIDs.showSparkUi, {
        label: args =>
          'name' in args
            ? trans.__('Open Spark UI')
            : trans.__('Open Spark UI of Connection'),
        ...opensBrowser
      });
      return;
    }
    const tabs: WidgetTracker<SparkUiWidget> = addTabs(
      app,
      firesteel,
      { labShell, restorer },
      {
        command: CommandIDs.showSparkUi,
        namespace: 'firesteel-spark-ui',
        label: trans.__('Show Spark UI'),
        longLabel: trans.__('Show Spark UI of Connection'),
        applies: hasUi,
        make: (name, { path }) =>
          new SparkUiWidget({
            api,
            store,
            name,
            path: typeof path === 'string' ? path : undefined,
            // The page that comes back is the one that was looked at last.
            onMoved: tab => void tabs.save(tab),
            trans
          }),
        saved: tab => ({ path: tab.path })
      }
    );
    app.commands.addCommand(CommandIDs.showSparkUiInBrowser, {
      label: args =>
        'name' in args
          ? trans.__('Open Spark UI in Browser Tab')
          : trans.__('Open Spark UI of Connection in Browser Tab'),
      ...opensBrowser
    });
  }
};
