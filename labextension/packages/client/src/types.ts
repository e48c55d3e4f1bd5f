// SPDX-License-Identifier: Apache-2.0
/** The contract's types under the names that the rest of the panel uses. */
import type { components } from './generated/api';

type Schemas = components['schemas'];

export type ActivityEvent = Schemas['ActivityEvent'];
export type Bundle = Schemas['Bundle'];
export type Catalog = Schemas['Catalog'];
export type Cluster = Schemas['Cluster'];
export type Connection = Schemas['Connection'];
export type ConnectionState = Schemas['ConnectionState'];
export type DocumentedOption = Schemas['DocumentedOption'];
export type Endpoint = Schemas['Endpoint'];
export type Environment = Schemas['Environment'];
export type ErrorCode = Schemas['ErrorReply']['error']['code'];
export type ErrorReply = Schemas['ErrorReply'];
export type Failure = Schemas['Failure'];
export type FieldProblem = Schemas['FieldProblem'];
export type FiresteelEvent = Schemas['Event'];
export type InterruptRequest = Schemas['InterruptRequest'];
export type LogChunk = Schemas['LogChunk'];
export type LogHit = Schemas['LogHit'];
export type LogLevel = Schemas['LogLevel'];
export type LogLine = Schemas['LogLine'];
export type LogSearchStep = Schemas['LogSearchStep'];
export type LogWindow = Schemas['LogWindow'];
export type MergedOption = Schemas['MergedOption'];
export type NewConnection = Schemas['NewConnection'];
export type Operation = Schemas['Operation'];
export type OptionSource = Schemas['OptionSource'];
export type Options = Schemas['Options'];
export type Phase = Schemas['Phase'];
export type Preset = Schemas['Preset'];
export type Preview = Schemas['Preview'];
export type Session = Schemas['Session'];
export type StartRequest = Schemas['StartRequest'];
export type Status = Schemas['Status'];
export type Suggestion = Schemas['Suggestion'];

/** The contract's pattern of a connection's name and its greatest length. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
export const NAME_MAX_LENGTH = 64;

/** The contract's bounds of what a connection is made of. */
export const LIMITS = {
  bundles: 100,
  bundleName: 256,
  clusterName: 64,
  options: 1000,
  optionName: 512,
  optionValue: 65_536,
  path: 4096,
  presetName: 64,
  sparkDefaults: 1_048_576
} as const;
