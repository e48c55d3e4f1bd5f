// SPDX-License-Identifier: Apache-2.0
import { Token } from '@lumino/coreutils';

/** The user's settings as they are now; the schema says what they mean. */
export interface IFiresteelSettings {
  readonly confirmStop: boolean;
  readonly connectionName: string;
  readonly notifyStart: boolean;
}

export const IFiresteelSettings = new Token<IFiresteelSettings>(
  '@firesteel/labextension:IFiresteelSettings',
  "The user's settings of the Firesteel panel."
);

/** What holds until the settings are read, or when there are none. */
export const DEFAULT_SETTINGS: IFiresteelSettings = {
  confirmStop: true,
  connectionName: '',
  notifyStart: true
};
