/**
 * SPDX-License-Identifier: Apache-2.0
 * @jest-environment node
 */
import { ServerConnection } from '@jupyterlab/services';
import { createApi, openEvents } from '../src/backend';
import { VERSION } from '../src/version';
import manifest from '../package.json';

const BASE = 'http://hub.example/user/x/';
const opened = jest.fn<void, [string]>();

class FakeWebSocket {
  constructor(url: string) {
    opened(url);
  }
}

function settings(
  changes: Partial<ServerConnection.ISettings> = {}
): ServerConnection.ISettings {
  return ServerConnection.makeSettings({
    baseUrl: BASE,
    token: 'secret',
    appendToken: false,
    WebSocket: FakeWebSocket as unknown as typeof WebSocket,
    ...changes
  });
}

beforeEach(() => {
  opened.mockClear();
});

test('the version is that of the package', () => {
  expect(VERSION).toBe(manifest.version);
});

test('the events are below the base URL, and hold no token', () => {
  openEvents(settings());
  expect(opened).toHaveBeenCalledWith(
    'ws://hub.example/user/x/firesteel/api/v1/events'
  );
});

test('the token is there only where Jupyter wants it', () => {
  openEvents(settings({ appendToken: true }));
  expect(opened).toHaveBeenCalledWith(
    'ws://hub.example/user/x/firesteel/api/v1/events?token=secret'
  );
});

test('requests have the login and say who asks', async () => {
  const fetched = jest
    .fn<Promise<Response>, [Request]>()
    .mockImplementation(() => Promise.resolve(new Response('{}')));
  const api = createApi(
    settings({ fetch: fetched as unknown as typeof fetch })
  );
  await api.stop('n');
  const request = fetched.mock.calls[0][0];
  expect(request.url).toBe(`${BASE}firesteel/api/v1/connections/n/stop`);
  expect(request.method).toBe('POST');
  expect(Object.fromEntries(request.headers)).toEqual({
    authorization: 'token secret',
    'content-type': 'application/json',
    'x-firesteel-client': `panel/${manifest.version}`
  });
});
