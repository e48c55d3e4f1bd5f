// SPDX-License-Identifier: Apache-2.0
import { Token } from '@lumino/coreutils';

/** The user's settings as they are now; the schema says what they mean. */
export interface IFiresteelSettings {
  readonly confirmStop: boolean;
  readonly connectionName: string;
  readonly logTimestamps: boolean;
  readonly logWrap: boolean;
  readonly notifyStart: boolean;
  /** Change settings for this time and the next ones. */
  remember(changes: {
    readonly logTimestamps?: boolean;
    readonly logWrap?: boolean;
  }): void;
}

export const IFiresteelSettings = new Token<IFiresteelSettings>(
  '@firesteel/labextension:IFiresteelSettings',
  "The user's settings of the Firesteel panel."
);

/** What holds until the settings are read, or when there are none. */
export const DEFAULT_SETTINGS: Omit<IFiresteelSettings, 'remember'> = {
  confirmStop: true,
  connectionName: '',
  logTimestamps: true,
  logWrap: false,
  notifyStart: true
};
