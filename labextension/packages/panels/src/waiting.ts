// SPDX-License-Identifier: Apache-2.0
import type { ConnectionState, ConnectionStore } from '@firesteel/client';

/** What was waited for did not come in time, or can't come any more. */
export class WaitedInVain extends Error {
  constructor(
    readonly connection: string,
    readonly cause: 'late' | 'removed',
    readonly milliseconds: number
  ) {
    super(`${connection}: ${cause}`);
    this.name = 'WaitedInVain';
  }
}

/**
 * Wait for the connection to be in a state; rejects with `WaitedInVain` after
 * `deadline` milliseconds, or when the connection is removed.
 */
export function waitForState(
  store: Pick<ConnectionStore, 'find' | 'subscribe'>,
  name: string,
  wanted: (state: ConnectionState) => boolean,
  deadline: number
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (cause?: WaitedInVain['cause']): void => {
      clearTimeout(timer);
      unsubscribe();
      if (cause) {
        reject(new WaitedInVain(name, cause, deadline));
      } else {
        resolve();
      }
    };
    const look = (): void => {
      const connection = store.find(name);
      if (!connection) {
        end('removed');
      } else if (wanted(connection.state)) {
        end();
      }
    };
    const timer = setTimeout(() => end('late'), deadline);
    const unsubscribe = store.subscribe(look);
    look();
  });
}
