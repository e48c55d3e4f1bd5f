// SPDX-License-Identifier: Apache-2.0
import { formatCount } from '@firesteel/panels';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** How many of those who use a connection are named. */
const USERS_NAMED = 10;

async function confirm(
  title: string,
  body: React.ReactElement | string,
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

/** Words about a connection, after the names of those who use it. */
function about(
  users: readonly string[],
  words: string,
  trans: TranslationBundle
): React.ReactElement | string {
  const more = users.length - USERS_NAMED;
  if (users.length === 0) {
    return words;
  }
  return (
    <div>
      {trans.__('Used by:')}
      <ul className="firesteel-Users">
        {users.slice(0, USERS_NAMED).map(user => (
          <li key={user}>{user}</li>
        ))}
        {more > 0 && <li>{trans.__('and %1 more', formatCount(more))}</li>}
      </ul>
      {words}
    </div>
  );
}

/** Ask once before a connection's server is stopped. */
export function confirmStop(
  name: string,
  users: readonly string[],
  trans: TranslationBundle
): Promise<boolean> {
  const words = trans.__(
    'All that share this connection lose their Spark session: temporary views, cached data and running queries.'
  );
  return confirm(
    trans.__('Stop “%1”?', name),
    about(users, words, trans),
    trans.__('Stop'),
    trans
  );
}

/** Ask once before a connection's server is restarted. */
export function confirmRestart(
  name: string,
  users: readonly string[],
  trans: TranslationBundle
): Promise<boolean> {
  const words = trans.__(
    'All that share this connection lose their Spark session (temporary views, cached data and running queries) and get a new one when they ask for it.'
  );
  return confirm(
    trans.__('Restart “%1”?', name),
    about(users, words, trans),
    trans.__('Restart'),
    trans
  );
}

/** Ask once before a connection is forgotten. */
export function confirmRemove(
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  const words = trans.__('The connection and its options are forgotten.');
  return confirm(
    trans.__('Remove “%1”?', name),
    words,
    trans.__('Remove'),
    trans
  );
}

/** Ask once before a preset is replaced by another. */
export function confirmReplacePreset(
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  return confirm(
    trans.__('Replace “%1”?', name),
    trans.__('There is a preset of this name already.'),
    trans.__('Replace'),
    trans
  );
}

/** Ask once before more than one operation is interrupted. */
export function confirmInterruptAll(
  name: string,
  users: readonly string[],
  trans: TranslationBundle
): Promise<boolean> {
  return confirm(
    trans.__('Interrupt all that runs on “%1”?', name),
    about(users, trans.__('Their running operations end.'), trans),
    trans.__('Interrupt All'),
    trans
  );
}

/** Ask once before a session is ended; `user` is its notebook or client. */
export function confirmRelease(
  user: string,
  running: number,
  trans: TranslationBundle
): Promise<boolean> {
  const words = [
    trans.__('Its temporary views, functions and settings are gone.'),
    running > 0 && trans.__('What it runs now is interrupted.')
  ].filter(Boolean);
  return confirm(
    trans.__('Release the session of “%1”?', user),
    words.join(' '),
    trans.__('Release'),
    trans
  );
}
