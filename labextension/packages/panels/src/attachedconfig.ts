// SPDX-License-Identifier: Apache-2.0
/**
 * What a notebook keeps of the connection that it wants, in its metadata under
 * `sparkconnect`. Whoever wrote the notebook wrote this, too: nothing of it is
 * trusted, and whatever can't be used is dropped and said.
 */
import { LIMITS, NAME_MAX_LENGTH, NAME_PATTERN } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isStandIn } from './secretoptions';

/** The key of a notebook's metadata. */
export const METADATA_KEY = 'sparkconnect';

/** The key below it for what only Firesteel knows. */
const OWN_KEY = 'firesteel';

/** How much (characters of names and values) a notebook may ask for in all. */
const TOTAL_SIZE = 262_144;

/** How many entries of a list are looked at. */
const ENTRIES = 2_000;

/** How many things that were dropped are named. */
const NAMED = 10;

/** A connection as a notebook asks for it. */
export interface IAttachedConfig {
  /** Absent: none is asked for; older notebooks name none. */
  readonly cluster?: string;
  readonly bundles: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Of the connection that it was taken from. */
  readonly connection?: string;
}

export interface IParsedConfig {
  /** Absent when there is nothing that can be used. */
  readonly config?: IAttachedConfig;
  /** What was dropped, in words. */
  readonly dropped: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What `value` has of its own under the key: nothing inherited counts. */
function own(value: Fields, key: string): unknown {
  return Object.prototype.hasOwnProperty.call(value, key)
    ? value[key]
    : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// What moves the cursor, hides or turns text round: C0, C1, and the marks of Unicode for it.
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function hasInvisible(text: string): boolean {
  return text.search(INVISIBLE) >= 0;
}

/** Words of somebody else as they can be shown: short, and nothing invisible. */
export function shown(text: string, length = 60): string {
  const start = text.slice(0, length).replace(INVISIBLE, '�');
  return text.length > length ? `${start}…` : start;
}

/** Reads the metadata with all suspicion; never throws. */
class Reader {
  readonly bundles: string[] = [];
  readonly options = new Map<string, string>();
  private readonly _dropped: string[] = [];
  private _more = 0;
  private _size = 0;

  constructor(private readonly _trans: TranslationBundle) {}

  drop(words: string): void {
    if (this._dropped.length < NAMED) {
      this._dropped.push(words);
    } else {
      this._more += 1;
    }
  }

  get dropped(): string[] {
    return this._more > 0
      ? [...this._dropped, this._trans.__('and %1 more', this._more)]
      : this._dropped;
  }

  text(value: unknown, what: string, limit: number): string | undefined {
    if (value === undefined || value === null || value === '') {
      return undefined;
    }
    if (typeof value !== 'string') {
      this.drop(this._trans.__('%1: not a text', what));
    } else if (value.length > limit) {
      this.drop(this._trans.__('%1: longer than %2 characters', what, limit));
    } else if (hasInvisible(value)) {
      this.drop(this._trans.__('%1: has characters that can’t be seen', what));
    } else {
      return value;
    }
    return undefined;
  }

  list(value: unknown, what: string): readonly unknown[] {
    if (value === undefined || value === null) {
      return [];
    }
    if (!Array.isArray(value)) {
      this.drop(this._trans.__('%1: not a list', what));
      return [];
    }
    if (value.length > ENTRIES) {
      const more = value.length - ENTRIES;
      this.drop(this._trans.__('%1: %2 entries too many', what, more));
    }
    return value.slice(0, ENTRIES);
  }

  /** Whether there is room for so many more characters. */
  private _fits(size: number, what: string): boolean {
    if (this._size + size > TOTAL_SIZE) {
      this.drop(this._trans.__('%1: too much in all', what));
      return false;
    }
    this._size += size;
    return true;
  }

  readBundles(value: unknown): void {
    const key = 'bundled_options';
    for (const [index, item] of this.list(value, key).entries()) {
      const what = `${key}[${index}]`;
      const name = this.text(item, what, LIMITS.bundleName);
      if (name === undefined || this.bundles.includes(name)) {
        continue;
      }
      if (this.bundles.length >= LIMITS.bundles) {
        this.drop(this._trans.__('%1: more than %2', what, LIMITS.bundles));
      } else if (this._fits(name.length, what)) {
        this.bundles.push(name);
      }
    }
  }

  readOptions(value: unknown): void {
    const key = 'list_of_options';
    for (const [index, item] of this.list(value, key).entries()) {
      this._readOption(item, `${key}[${index}]`);
    }
  }

  private _readOption(item: unknown, place: string): void {
    if (!isFields(item)) {
      this.drop(this._trans.__('%1: no name and value', place));
      return;
    }
    const name = this._optionName(own(item, 'name'), place);
    if (name === undefined) {
      return;
    }
    const what = shown(name);
    const value = this._optionValue(own(item, 'value'), what);
    if (value === undefined) {
      return;
    }
    if (isStandIn(value)) {
      // Nobody else's notebook is to be given a secret that is kept here.
      this.drop(this._trans.__('%1: only stands for a hidden value', what));
      return;
    }
    if (this.options.size >= LIMITS.options && !this.options.has(name)) {
      this.drop(this._trans.__('%1: more than %2', what, LIMITS.options));
    } else if (this._fits(name.length + value.length, what)) {
      this.options.set(name, value);
    }
  }

  private _optionName(value: unknown, place: string): string | undefined {
    const name = this.text(value, `${place}.name`, LIMITS.optionName)?.trim();
    if (name === undefined || name === '') {
      return undefined;
    }
    if (!/^[!-~]+$/.test(name) || name.includes('=') || name === '__proto__') {
      const words = this._trans.__('no name of an option');
      this.drop(`${shown(name)}: ${words}`);
      return undefined;
    }
    return name;
  }

  private _optionValue(value: unknown, what: string): string | undefined {
    if (typeof value === 'boolean' || Number.isFinite(value)) {
      return String(value);
    }
    return value === '' ? '' : this.text(value, what, LIMITS.optionValue);
  }
}

/** What the value under `METADATA_KEY` asks for, and what of it can't be used. */
export function parseAttached(
  value: unknown,
  trans: TranslationBundle
): IParsedConfig {
  if (value === undefined || value === null) {
    return { dropped: [] };
  }
  if (!isFields(value)) {
    const words = trans.__('not of the form that is known');
    return { dropped: [`${METADATA_KEY}: ${words}`] };
  }
  const reader = new Reader(trans);
  const cluster = reader.text(
    own(value, 'cluster_name'),
    'cluster_name',
    LIMITS.clusterName
  );
  reader.readBundles(own(value, 'bundled_options'));
  reader.readOptions(own(value, 'list_of_options'));
  const connection = connectionOf(own(value, OWN_KEY), reader, trans);
  const { bundles, options, dropped } = reader;
  const empty = !cluster && !connection && bundles.length + options.size === 0;
  return {
    config: empty ? undefined : { cluster, bundles, options, connection },
    dropped
  };
}

function connectionOf(
  value: unknown,
  reader: Reader,
  trans: TranslationBundle
): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const key = `${OWN_KEY}.connection`;
  const name = isFields(value) ? own(value, 'connection') : value;
  const text = reader.text(name, key, NAME_MAX_LENGTH);
  if (text !== undefined && !NAME_PATTERN.test(text)) {
    reader.drop(trans.__('%1: no name of a connection', key));
    return undefined;
  }
  return text;
}

/** What JSON can hold, as the notebook's metadata wants it. */
export type Json =
  string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * The value for `METADATA_KEY` that asks for `config`. Of what was there
 * (`before`) all that isn't known here is kept.
 */
export function attachedValue(
  config: IAttachedConfig,
  before: unknown
): { [key: string]: Json } {
  const kept = isFields(before) ? before : {};
  const ownBefore = own(kept, OWN_KEY);
  const entries = new Map<unknown, Fields>();
  const list = own(kept, 'list_of_options');
  for (const item of Array.isArray(list) ? list.slice(0, ENTRIES) : []) {
    if (isFields(item)) {
      entries.set(own(item, 'name'), item);
    }
  }
  const value: Record<string, unknown> = {
    ...kept,
    bundled_options: [...config.bundles],
    list_of_options: [...config.options].map(([name, text]) => ({
      ...entries.get(name),
      name,
      value: text
    }))
  };
  if (config.cluster === undefined) {
    delete value.cluster_name;
  } else {
    value.cluster_name = config.cluster;
  }
  const { connection: _replaced, ...ownKept } = isFields(ownBefore)
    ? ownBefore
    : {};
  const ownNow = config.connection
    ? { ...ownKept, connection: config.connection }
    : ownKept;
  if (Object.keys(ownNow).length > 0) {
    value[OWN_KEY] = ownNow;
  } else {
    delete value[OWN_KEY];
  }
  return value as { [key: string]: Json };
}

/** What is left of the metadata's value when nothing is asked for any more. */
export function detachedValue(
  before: unknown
): { [key: string]: Json } | undefined {
  if (!isFields(before)) {
    return undefined;
  }
  const empty = { bundles: [], options: new Map<string, string>() };
  const {
    bundled_options: _bundles,
    list_of_options: _options,
    ...rest
  } = attachedValue(empty, before);
  return Object.keys(rest).length > 0 ? rest : undefined;
}
