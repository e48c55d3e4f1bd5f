// SPDX-License-Identifier: Apache-2.0
import { ApiError } from '@firesteel/client';
import type { IFiresteel } from '@firesteel/panels';
import { Notification } from '@jupyterlab/apputils';
import { act, waitFor } from '@testing-library/react';
import { connection, snapshot } from '../../client/test/samples';
import { Harness } from '../../panels/test/harness';
import { copyEndpoint } from '../src/endpoint';

const URL =
  'sc://127.0.0.1:15002/;authorization=Bearer%20s3cret;x-firesteel-connection=a';
let harness: Harness;
let write: jest.SpyInstance<Promise<void>, [string]>;
let info: jest.SpyInstance<string, Parameters<typeof Notification.info>>;
let error: jest.SpyInstance<string, Parameters<typeof Notification.info>>;

beforeEach(() => {
  harness = new Harness();
  harness.know(connection({ name: 'a' }));
  harness.api.endpointUrl.mockResolvedValue(URL);
  write = jest.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  info = jest.spyOn(Notification, 'info');
  error = jest.spyOn(Notification, 'error');
});

afterEach(() => {
  harness.dispose();
  document.execCommand = undefined as unknown as typeof document.execCommand;
});

function copy(): Promise<boolean> {
  const firesteel = harness as unknown as IFiresteel;
  return copyEndpoint(firesteel, 'a', harness.trans);
}

/** Everything that outlives the click: no secret belongs there. */
function kept(): string {
  return JSON.stringify([
    harness.store.getState(),
    harness.model.getState(),
    info.mock.calls,
    error.mock.calls,
    document.documentElement.outerHTML,
    { ...localStorage },
    { ...sessionStorage }
  ]);
}

test('the URL is asked for at the click, copied, and kept nowhere', async () => {
  const logged = (['log', 'info', 'warn', 'error', 'debug'] as const).map(
    method => jest.spyOn(console, method)
  );
  expect(await copy()).toBe(true);
  expect(harness.api.endpointUrl).toHaveBeenCalledWith('a');
  expect(write).toHaveBeenCalledWith(URL);
  expect(info.mock.calls[0][0]).toBe(
    'Copied. Whoever has this address can run code as you.'
  );
  expect(kept()).not.toContain('s3cret');
  logged.forEach(spy => expect(spy).not.toHaveBeenCalled());
});

test('where the clipboard is refused the old way is tried', async () => {
  write.mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  const data = { setData: jest.fn() };
  document.execCommand = jest.fn(() => {
    const event = new Event('copy', { cancelable: true });
    Object.assign(event, { clipboardData: data });
    return !document.dispatchEvent(event);
  });
  expect(await copy()).toBe(true);
  expect(data.setData).toHaveBeenCalledWith('text/plain', URL);
  expect(document.querySelector('.jp-Dialog')).toBeNull();
});

test('where no way works a dialog shows it once', async () => {
  write.mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  const copied = copy();
  const field = await waitFor(() => {
    const found = document.querySelector<HTMLInputElement>('.jp-Dialog input');
    expect(found).toHaveFocus();
    return found!;
  });
  expect(field).toHaveValue(URL);
  expect(field.readOnly).toBe(true);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, URL.length]);
  expect(document.querySelector('.jp-Dialog')).toHaveTextContent(
    'Whoever has this address can run code as you.'
  );
  act(() =>
    document
      .querySelector<HTMLButtonElement>('.jp-Dialog button.jp-mod-accept')!
      .click()
  );
  expect(await copied).toBe(false);
  expect(document.querySelector('.jp-Dialog')).toBeNull();
  expect(info).not.toHaveBeenCalled();
  expect(kept()).not.toContain('s3cret');
});

test('without a port nothing is asked for, and why is said', async () => {
  const event = snapshot(connection({ name: 'a' }));
  const endpoint = { ...event.endpoint, port: 0, problem: 'All are taken.' };
  harness.say({ ...event, endpoint });
  expect(await copy()).toBe(false);
  expect(harness.api.endpointUrl).not.toHaveBeenCalled();
  expect(error.mock.calls[0][0]).toBe(
    'There is no address to copy. All are taken.'
  );
});

test('a refusal is said', async () => {
  harness.api.endpointUrl.mockRejectedValue(
    new ApiError(404, { code: 'connection_not_found', message: 'Gone.' })
  );
  expect(await copy()).toBe(false);
  expect(error.mock.calls[0][0]).toBe('The address was not copied. Gone.');
  expect(write).not.toHaveBeenCalled();
});
