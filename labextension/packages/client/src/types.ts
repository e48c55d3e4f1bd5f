// SPDX-License-Identifier: Apache-2.0
/** The contract's types under the names that the rest of the panel uses. */
import type { components } from './generated/api';

type Schemas = components['schemas'];

export type ActivityEvent = Schemas['ActivityEvent'];
export type Cluster = Schemas['Cluster'];
export type Connection = Schemas['Connection'];
export type ConnectionState = Schemas['ConnectionState'];
export type Endpoint = Schemas['Endpoint'];
export type Environment = Schemas['Environment'];
export type ErrorCode = Schemas['ErrorReply']['error']['code'];
export type ErrorReply = Schemas['ErrorReply'];
export type Failure = Schemas['Failure'];
export type FiresteelEvent = Schemas['Event'];
export type InterruptRequest = Schemas['InterruptRequest'];
export type LogChunk = Schemas['LogChunk'];
export type LogHit = Schemas['LogHit'];
export type LogLevel = Schemas['LogLevel'];
export type LogLine = Schemas['LogLine'];
export type LogSearchStep = Schemas['LogSearchStep'];
export type LogWindow = Schemas['LogWindow'];
export type NewConnection = Schemas['NewConnection'];
export type Operation = Schemas['Operation'];
export type Options = Schemas['Options'];
export type Phase = Schemas['Phase'];
export type Session = Schemas['Session'];
export type StartRequest = Schemas['StartRequest'];
export type Status = Schemas['Status'];
export type Suggestion = Schemas['Suggestion'];

/** The contract's pattern of a connection's name and its greatest length. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
export const NAME_MAX_LENGTH = 64;
