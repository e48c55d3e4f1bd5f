// SPDX-License-Identifier: Apache-2.0
import { IFiresteel } from '@firesteel/panels';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { DEFAULT_SETTINGS, IFiresteelSettings } from '../settings';

/** The schema's file is `panel.json`. */
const PLUGIN_ID = '@firesteel/labextension:panel';

/** The user's settings, followed as they change. */
export const settingsPlugin: JupyterFrontEndPlugin<IFiresteelSettings> = {
  id: '@firesteel/labextension:settings',
  description: "Follows the user's settings of the Firesteel panel.",
  autoStart: true,
  provides: IFiresteelSettings,
  requires: [IFiresteel],
  optional: [ISettingRegistry],
  activate: (
    _app: JupyterFrontEnd,
    { model }: IFiresteel,
    registry: ISettingRegistry | null
  ): IFiresteelSettings => {
    const settings = { ...DEFAULT_SETTINGS };
    const apply = (loaded: ISettingRegistry.ISettings): void => {
      Object.assign(settings, loaded.composite);
      model.wishedName = settings.connectionName;
    };
    registry?.load(PLUGIN_ID).then(
      loaded => {
        apply(loaded);
        loaded.changed.connect(apply);
      },
      reason => {
        console.error('Firesteel goes on with its default settings.', reason);
      }
    );
    return settings;
  }
};
