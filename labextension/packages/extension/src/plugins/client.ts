// SPDX-License-Identifier: Apache-2.0
import { IFiresteel, PanelModel } from '@firesteel/panels';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createApi, createStore } from '../backend';

/** What the other plugins share: the daemon's API and what it says. */
export const clientPlugin: JupyterFrontEndPlugin<IFiresteel> = {
  id: '@firesteel/labextension:client',
  description: 'Speaks with the Firesteel daemon.',
  autoStart: true,
  provides: IFiresteel,
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    translator: ITranslator | null
  ): IFiresteel => {
    const trans = (translator ?? nullTranslator).load('firesteel');
    const { serverSettings } = app.serviceManager;
    const api = createApi(serverSettings);
    const store = createStore(serverSettings, api);
    const model = new PanelModel(api, store, trans);
    // Not before the page is there: nothing of it waits for Firesteel.
    void app.restored.then(() => store.start());
    // The timers of a hidden page are slow: who comes back to it need not wait.
    const hurry = (): void => {
      if (!document.hidden) {
        store.retryNow();
      }
    };
    document.addEventListener('visibilitychange', hurry);
    window.addEventListener('online', hurry);
    return { api, store, model };
  }
};
