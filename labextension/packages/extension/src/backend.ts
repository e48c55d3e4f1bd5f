// SPDX-License-Identifier: Apache-2.0
import {
  apiUrl,
  ConnectionStore,
  FiresteelApi,
  UnreachableError,
  type ISocket
} from '@firesteel/client';
import { ServerConnection } from '@jupyterlab/services';
import { VERSION } from './version';

/** The API as this Jupyter server carries it. */
export function createApi(settings: ServerConnection.ISettings): FiresteelApi {
  return new FiresteelApi({
    baseUrl: settings.baseUrl,
    request: (url, init) => ServerConnection.makeRequest(url, init, settings),
    client: `panel/${VERSION}`
  });
}

/** A store that is fed by the daemon's events as this Jupyter server carries them. */
export function createStore(
  settings: ServerConnection.ISettings,
  api: FiresteelApi
): ConnectionStore {
  return new ConnectionStore({
    open: () => openEvents(settings),
    diagnose: async () => {
      try {
        await api.status();
        return undefined;
      } catch (reason) {
        return reason instanceof UnreachableError ? reason : undefined;
      }
    }
  });
}

/** The events' WebSocket, with the token where Jupyter's own have it. */
export function openEvents(settings: ServerConnection.ISettings): ISocket {
  const { wsUrl, token, appendToken } = settings;
  const query = appendToken && token ? { token } : {};
  return new settings.WebSocket(apiUrl(wsUrl, ['events'], query));
}
