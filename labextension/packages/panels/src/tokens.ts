// SPDX-License-Identifier: Apache-2.0
import type { ConnectionStore, FiresteelApi } from '@firesteel/client';
import { Token } from '@lumino/coreutils';
import type { PanelModel } from './model';

/** What the plugins share. */
export interface IFiresteel {
  readonly api: FiresteelApi;
  readonly store: ConnectionStore;
  readonly model: PanelModel;
}

export const IFiresteel = new Token<IFiresteel>(
  '@firesteel/panels:IFiresteel',
  "The Firesteel daemon's API and what it says about the Spark connections."
);
