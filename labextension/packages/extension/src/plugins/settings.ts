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
    let kept: ISettingRegistry.ISettings | undefined;
    const settings: IFiresteelSettings = {
      ...DEFAULT_SETTINGS,
      remember: changes => {
        for (const [key, value] of Object.entries(changes)) {
          if (settings[key as keyof typeof changes] !== value) {
            Object.assign(settings, { [key]: value });
            kept?.set(key, value).catch((reason: unknown) => {
              console.error(`Firesteel could not keep “${key}”.`, reason);
            });
          }
        }
      }
    };
    const apply = (loaded: ISettingRegistry.ISettings): void => {
      Object.assign(settings, loaded.composite);
      model.wishedName = settings.connectionName;
    };
    registry?.load(PLUGIN_ID).then(
      loaded => {
        kept = loaded;
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
