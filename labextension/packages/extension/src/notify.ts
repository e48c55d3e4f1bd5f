// SPDX-License-Identifier: Apache-2.0
import type { Connection } from '@firesteel/client';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/** How long (milliseconds) good news stay. */
const SHOWN = 6_000;

/** Tell the end of a start to someone who does not see the panel. */
export function notifyEndOfStart(
  connection: Connection,
  trans: TranslationBundle,
  showPanel: () => void
): void {
  const actions = [{ label: trans.__('Show panel'), callback: showPanel }];
  if (connection.state === 'ready') {
    Notification.success(
      trans.__('Spark connection “%1” is ready.', connection.name),
      { actions, autoClose: SHOWN }
    );
  } else {
    const cause = connection.failure?.message ?? '';
    Notification.error(
      trans.__('Spark connection “%1” failed. %2', connection.name, cause),
      { actions, autoClose: false }
    );
  }
}
