// SPDX-License-Identifier: Apache-2.0
import { problemOf, type IFiresteel } from '@firesteel/panels';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { writeClipboard } from './clipboard';

/** How long (milliseconds) it is said that the address was copied. */
const SHOWN = 6_000;

/**
 * Copy the URL that other programs reach the connection by; gives whether it was
 * copied. It holds a secret: it is asked for anew each time, and kept nowhere.
 */
export async function copyEndpoint(
  { api, store }: IFiresteel,
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { endpoint } = store.getState();
  if (endpoint?.port === 0) {
    const why = endpoint.problem ?? trans.__('No port was free.');
    Notification.error(trans.__('There is no address to copy. %1', why));
    return false;
  }
  let url: string;
  try {
    url = await api.endpointUrl(name);
  } catch (reason) {
    const { message, advice = '' } = problemOf(reason, trans);
    Notification.error(
      trans.__('The address was not copied. %1 %2', message, advice).trim()
    );
    return false;
  }
  if (!(await writeClipboard(url))) {
    await showUrl(url, trans);
    return false;
  }
  Notification.info(
    trans.__('Copied. Whoever has this address can run code as you.'),
    { autoClose: SHOWN }
  );
  return true;
}

/** Show the URL to be copied by hand. */
async function showUrl(url: string, trans: TranslationBundle): Promise<void> {
  const field = document.createElement('input');
  field.className = 'jp-mod-styled firesteel-Address';
  field.type = 'text';
  field.readOnly = true;
  field.value = url;
  field.autocomplete = 'off';
  field.spellcheck = false;
  field.setAttribute('aria-label', trans.__('Address'));
  field.onfocus = () => field.select();
  const node = document.createElement('div');
  node.append(
    trans.__(
      'The browser allows no copying here. Whoever has this address can run code as you.'
    ),
    field
  );
  await showDialog({
    title: trans.__('Copy the address by hand'),
    body: new Widget({ node }),
    focusNodeSelector: 'input',
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
