// SPDX-License-Identifier: Apache-2.0
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

async function confirm(
  title: string,
  body: string,
  label: string,
  trans: TranslationBundle
): Promise<boolean> {
  const result = await showDialog({
    title,
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label })
    ]
  });
  return result.button.accept;
}

/** Ask once before a connection's server is stopped. */
export function confirmStop(
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  return confirm(
    trans.__('Stop “%1”?', name),
    trans.__(
      'All notebooks that share this connection lose their Spark session: temporary views, cached data and running queries.'
    ),
    trans.__('Stop'),
    trans
  );
}

/** Ask once before a connection's server is restarted. */
export function confirmRestart(
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  return confirm(
    trans.__('Restart “%1”?', name),
    trans.__(
      'All notebooks that share this connection lose their Spark session (temporary views, cached data and running queries) and get a new one when they ask for it.'
    ),
    trans.__('Restart'),
    trans
  );
}

/** Ask once before a connection is forgotten. */
export function confirmRemove(
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  return confirm(
    trans.__('Remove “%1”?', name),
    trans.__('The connection and its options are forgotten.'),
    trans.__('Remove'),
    trans
  );
}
