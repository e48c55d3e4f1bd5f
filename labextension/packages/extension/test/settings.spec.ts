// SPDX-License-Identifier: Apache-2.0
import type { IFiresteel } from '@firesteel/panels';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { settingsPlugin } from '../src/plugins/settings';
import type { IFiresteelSettings } from '../src/settings';

const set = jest.fn<Promise<void>, [string, unknown]>();
const firesteel = { model: {} } as IFiresteel;

async function activate(
  composite: object | undefined
): Promise<IFiresteelSettings> {
  const loaded = { composite, set } as unknown as ISettingRegistry.ISettings;
  Object.assign(loaded, { changed: { connect: jest.fn() } });
  const registry = composite && { load: () => Promise.resolve(loaded) };
  const settings = await settingsPlugin.activate(
    {} as JupyterFrontEnd,
    firesteel,
    registry
  );
  await Promise.resolve();
  return settings;
}

beforeEach(() => {
  set.mockReset().mockResolvedValue();
});

test('what the user has set holds', async () => {
  const settings = await activate({ logWrap: true, connectionName: 'x' });
  expect(settings.logWrap).toBe(true);
  expect(settings.logTimestamps).toBe(true);
  expect(firesteel.model.wishedName).toBe('x');
});

test('what was changed in passing is kept, and only that', async () => {
  const settings = await activate({});
  settings.remember({ logWrap: true, logTimestamps: true });
  expect(settings.logWrap).toBe(true);
  expect(set.mock.calls).toEqual([['logWrap', true]]);
});

test('it holds for this time where there is nothing to keep it', async () => {
  const settings = await activate(undefined);
  settings.remember({ logTimestamps: false });
  expect(settings.logTimestamps).toBe(false);
});
