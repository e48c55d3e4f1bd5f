// SPDX-License-Identifier: Apache-2.0
import {
  ApiError,
  NAME_MAX_LENGTH,
  NAME_PATTERN,
  type Connection,
  type Environment,
  type NewConnection,
  type Options
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';

/** A row of "Spark options"; `key` tells rows apart while their names change. */
export interface IOptionRow {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** What has been typed into the form. */
export interface IDraft {
  readonly name: string;
  readonly cluster: string;
  readonly options: readonly IOptionRow[];
  readonly python: string;
  readonly javaHome: string;
  readonly sparkHome: string;
}

/** Messages by field: `name`, `cluster`, `environment.java_home`, `options.<key of row>`. */
export type FieldErrors = Readonly<Record<string, string>>;

/** A name that no connection has: `wish`, else `wish-2`, `wish-3` … */
export function freeName(wish: string, taken: readonly string[]): string {
  const cleaned = wish
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  const base = (cleaned || 'spark').slice(0, NAME_MAX_LENGTH - 4);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name)) {
      return name;
    }
  }
}

export function newDraft(name: string, cluster: string): IDraft {
  return {
    name,
    cluster,
    options: [],
    python: '',
    javaHome: '',
    sparkHome: ''
  };
}

/** The draft that would create this connection again. */
export function draftOf(connection: Connection): IDraft {
  const { name, cluster, options, environment = {} } = connection;
  return {
    name,
    cluster,
    options: Object.entries(options).map(([option, value], key) => ({
      key,
      name: option,
      value
    })),
    python: environment.python ?? '',
    javaHome: environment.java_home ?? '',
    sparkHome: environment.spark_home ?? ''
  };
}

/** What is wrong with a name, or undefined. */
export function nameError(
  name: string,
  taken: readonly string[],
  trans: TranslationBundle
): string | undefined {
  if (!name) {
    return trans.__('Give the connection a name.');
  }
  if (name.length > NAME_MAX_LENGTH) {
    return trans.__('At most %1 characters.', NAME_MAX_LENGTH);
  }
  if (!/^[A-Za-z0-9]/.test(name)) {
    return trans.__('Begin with a letter or a digit.');
  }
  if (!NAME_PATTERN.test(name)) {
    return trans.__('Letters, digits, dot, hyphen and underscore only.');
  }
  if (taken.includes(name)) {
    return trans.__('There is already a connection of this name.');
  }
  return undefined;
}

/** What is wrong with a draft as it stands; empty if nothing is. */
export function draftErrors(
  draft: IDraft,
  taken: readonly string[],
  trans: TranslationBundle
): FieldErrors {
  const errors: Record<string, string> = {};
  const wrongName = nameError(draft.name, taken, trans);
  if (wrongName) {
    errors.name = wrongName;
  }
  const seen = new Set<string>();
  for (const row of draft.options) {
    const name = row.name.trim();
    if (!name && row.value) {
      errors[`options.${row.key}`] = trans.__('Give the option a name.');
    } else if (name && seen.has(name)) {
      errors[`options.${row.key}`] = trans.__('This option is given twice.');
    }
    seen.add(name);
  }
  return errors;
}

/** What a draft asks the daemon for; rows without a name are left out. */
export function requestOf(draft: IDraft): Required<
  Pick<NewConnection, 'name' | 'cluster'>
> & {
  options: Options;
  environment: Environment;
} {
  const options: Options = {};
  for (const row of draft.options) {
    if (row.name.trim()) {
      options[row.name.trim()] = row.value;
    }
  }
  const environment: Environment = {};
  const { python, javaHome, sparkHome } = draft;
  if (python.trim()) {
    environment.python = python.trim();
  }
  if (javaHome.trim()) {
    environment.java_home = javaHome.trim();
  }
  if (sparkHome.trim()) {
    environment.spark_home = sparkHome.trim();
  }
  return { name: draft.name, cluster: draft.cluster, options, environment };
}

const FIELDS = [
  'name',
  'cluster',
  'environment.python',
  'environment.java_home',
  'environment.spark_home'
];

/** The form's field that a refusal is about, or undefined if it is about none. */
export function refusedField(
  error: unknown,
  draft: IDraft
): string | undefined {
  if (!(error instanceof ApiError)) {
    return undefined;
  }
  if (error.code === 'connection_exists' || error.code === 'invalid_name') {
    return 'name';
  }
  if (error.code === 'unknown_cluster') {
    return 'cluster';
  }
  const field = error.field ?? '';
  if (FIELDS.includes(field)) {
    return field;
  }
  const option = field.startsWith('options.') ? field.slice(8) : undefined;
  const row = draft.options.find(item => item.name.trim() === option);
  return row && `options.${row.key}`;
}
