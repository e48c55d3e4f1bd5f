// SPDX-License-Identifier: Apache-2.0
import type { IKnownConnection } from '@firesteel/client';

/** Whether there is a UI to see: the server's own, or that of an application that has ended and logged its events. */
export function hasSparkUi(connection: IKnownConnection): boolean {
  const { state, has_history } = connection;
  const hasEnded = state === 'stopped' || state === 'failed';
  return state === 'ready' || (hasEnded && has_history === true);
}
