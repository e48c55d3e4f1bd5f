// SPDX-License-Identifier: Apache-2.0
import { clientPlugin } from './plugins/client';
import { commandsPlugin } from './plugins/commands';
import { logPlugin } from './plugins/log';
import { panelPlugin } from './plugins/panel';
import { settingsPlugin } from './plugins/settings';

export default [
  clientPlugin,
  settingsPlugin,
  // Before the panel and the log's palette entry ask for them.
  logPlugin,
  commandsPlugin,
  panelPlugin
];
