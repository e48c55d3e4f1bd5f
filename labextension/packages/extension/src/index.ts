// SPDX-License-Identifier: Apache-2.0
import { clientPlugin } from './plugins/client';
import { commandsPlugin } from './plugins/commands';
import { logPlugin } from './plugins/log';
import { notebookPlugin } from './plugins/notebook';
import { panelPlugin } from './plugins/panel';
import { settingsPlugin } from './plugins/settings';
import { sparkUiPlugin } from './plugins/sparkui';

export default [
  clientPlugin,
  settingsPlugin,
  // Before the panel and the palette ask for their commands.
  logPlugin,
  sparkUiPlugin,
  commandsPlugin,
  notebookPlugin,
  panelPlugin
];
