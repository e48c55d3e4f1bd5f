// SPDX-License-Identifier: Apache-2.0
import type { ILogQuery, LogLevel } from '@firesteel/client';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** Which lines are shown. */
export type LogFilter = 'all' | 'warnings' | 'errors';

/** How a log is shown; it comes back with the layout. */
export interface ILogOptions {
  /** What is looked for. */
  readonly q: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly filter: LogFilter;
  readonly wrap: boolean;
  readonly timestamps: boolean;
}

export const DEFAULT_LOG_OPTIONS: ILogOptions = {
  q: '',
  regex: false,
  matchCase: false,
  filter: 'all',
  wrap: false,
  timestamps: true
};

const LEVELS: Record<LogFilter, readonly Exclude<LogLevel, 'none'>[]> = {
  all: [],
  warnings: ['warn', 'error', 'fatal'],
  errors: ['error', 'fatal']
};

/** What is to be searched for, or nothing. */
export function queryOf(options: ILogOptions): ILogQuery | undefined {
  const { q, regex, matchCase, filter } = options;
  if (q === '' && filter === 'all') {
    return undefined;
  }
  return {
    ...(q && { q, regex, ignore_case: !matchCase }),
    ...(filter !== 'all' && { levels: LEVELS[filter] })
  };
}

/** What of `args` are options; the rest is as in `defaults`. */
export function optionsOf(
  args: ReadonlyPartialJSONObject,
  defaults: ILogOptions = DEFAULT_LOG_OPTIONS
): ILogOptions {
  const flag = (value: unknown, otherwise: boolean): boolean =>
    typeof value === 'boolean' ? value : otherwise;
  return {
    q: typeof args.q === 'string' ? args.q.slice(0, 1_000) : defaults.q,
    regex: flag(args.regex, defaults.regex),
    matchCase: flag(args.matchCase, defaults.matchCase),
    filter:
      typeof args.filter === 'string' &&
      Object.keys(LEVELS).includes(args.filter)
        ? (args.filter as LogFilter)
        : defaults.filter,
    wrap: flag(args.wrap, defaults.wrap),
    timestamps: flag(args.timestamps, defaults.timestamps)
  };
}
