// SPDX-License-Identifier: Apache-2.0
import {
  ApiError,
  NAME_MAX_LENGTH,
  NAME_PATTERN,
  type Connection,
  type Environment,
  type FieldProblem,
  type NewConnection,
  type Options,
  type StartRequest
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isSecretName, isStandIn } from './secretoptions';

/** A row of "Spark options"; `key` tells rows apart while their names change. */
export interface IOptionRow {
  readonly key: number;
  readonly name: string;
  readonly value: string;
  /** The stand-in that the row came with, and the name that it means something under. */
  readonly kept?: { readonly name: string; readonly value: string };
}

/** What has been typed into the form. */
export interface IDraft {
  readonly name: string;
  readonly cluster: string;
  /** Names of bundles; a later one goes before an earlier one. */
  readonly bundles: readonly string[];
  readonly options: readonly IOptionRow[];
  readonly python: string;
  readonly javaHome: string;
  readonly sparkHome: string;
}

/**
 * Messages by field: `name`, `cluster`, `environment.java_home`,
 * `bundles.<name>`, `options.<key of row>`.
 */
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
    bundles: [],
    options: [],
    python: '',
    javaHome: '',
    sparkHome: ''
  };
}

/** Options as rows. */
export function rowsOf(options: Options): IOptionRow[] {
  return Object.entries(options).map(([name, value], key) => ({
    key,
    name,
    value
  }));
}

/** The draft with what this definition names in place of its own. */
export function draftWith(draft: IDraft, definition: StartRequest): IDraft {
  const { cluster, bundles, options, environment } = definition;
  return {
    ...draft,
    ...(cluster !== undefined && { cluster }),
    ...(bundles && { bundles }),
    ...(options && { options: rowsOf(options) }),
    ...(environment && {
      python: environment.python ?? '',
      javaHome: environment.java_home ?? '',
      sparkHome: environment.spark_home ?? ''
    })
  };
}

/** The draft that would create this connection again. */
export function draftOf(connection: Connection): IDraft {
  const { name, cluster, bundles, options, environment = {} } = connection;
  const draft = newDraft(name, cluster);
  return draftWith(draft, { bundles, options, environment });
}

/** Whether the row's value is one that the daemon keeps, and that isn't known here. */
export function isKept({ name, value }: IOptionRow): boolean {
  return isSecretName(name) && isStandIn(value);
}

/**
 * The row with what was typed. A stand-in means nothing under another name, so
 * the value is empty there; as names are typed letter by letter, it is back when
 * its own name is. It is also back when what was typed in its place is deleted:
 * an empty field looks the same before and after.
 */
export function editedRow(
  row: IOptionRow,
  typed: Partial<Pick<IOptionRow, 'name' | 'value'>>
): IOptionRow {
  const kept =
    row.kept ??
    (isKept(row) ? { name: row.name.trim(), value: row.value } : undefined);
  const edited = { ...row, ...typed };
  if (!kept) {
    return edited;
  }
  const value = edited.value === kept.value ? '' : edited.value;
  const back = value === '' && edited.name.trim() === kept.name;
  return { ...edited, kept, value: back ? kept.value : value };
}

/** Rows with these options added; those that are there already get the new value. */
export function withOptions(
  rows: readonly IOptionRow[],
  options: Options
): { rows: IOptionRow[]; replaced: number } {
  const values = new Map(Object.entries(options));
  let replaced = 0;
  const kept = rows.map(row => {
    const name = row.name.trim();
    const value = values.get(name);
    if (value === undefined) {
      return row;
    }
    values.delete(name);
    replaced += value === row.value ? 0 : 1;
    return { key: row.key, name: row.name, value };
  });
  const rest = kept.filter(row => row.name.trim() || row.value);
  let key = Math.max(-1, ...rows.map(row => row.key));
  for (const [name, value] of values) {
    key += 1;
    rest.push({ key, name, value });
  }
  return { rows: rest, replaced };
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
export function requestOf(
  draft: IDraft
): Required<Omit<NewConnection, 'environment'>> & { environment: Environment } {
  // Not by assignment: an option may be called "__proto__".
  const options: Options = Object.fromEntries(
    draft.options
      .filter(row => row.name.trim())
      .map(row => [row.name.trim(), row.value])
  );
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
  return {
    name: draft.name,
    cluster: draft.cluster,
    bundles: [...draft.bundles],
    options,
    environment
  };
}

/** The request without a name: what a preview, a preset or a start takes. */
export function definitionOf(draft: IDraft): Required<StartRequest> {
  const { name: _name, ...definition } = requestOf(draft);
  return definition;
}

/** Which parts of a connection differ between two drafts of it. */
export interface IDraftChanges {
  readonly cluster: boolean;
  readonly bundles: boolean;
  /** How many options are new, gone or changed. */
  readonly options: number;
  readonly environment: boolean;
}

/** What differs, or undefined if both ask for the same. */
export function draftChanges(
  before: IDraft,
  after: IDraft
): IDraftChanges | undefined {
  const [one, other] = [definitionOf(before), definitionOf(after)];
  const values = new Map(Object.entries(one.options));
  let options = 0;
  for (const [name, value] of Object.entries(other.options)) {
    options += values.get(name) === value ? 0 : 1;
    values.delete(name);
  }
  const changes = {
    cluster: one.cluster !== other.cluster,
    bundles: one.bundles.join('\n') !== other.bundles.join('\n'),
    options: options + values.size,
    environment: (['python', 'java_home', 'spark_home'] as const).some(
      key => one.environment[key] !== other.environment[key]
    )
  };
  return Object.values(changes).some(Boolean) ? changes : undefined;
}

/** What a preview says, at the fields that it is about. */
export interface IPlacedProblems {
  readonly errors: FieldErrors;
  readonly warnings: FieldErrors;
  /** Those about nothing that the form has a field for. */
  readonly others: readonly FieldProblem[];
}

export function placeProblems(
  problems: readonly FieldProblem[],
  draft: IDraft
): IPlacedProblems {
  const errors = new Map<string, string>();
  const warnings = new Map<string, string>();
  const others: FieldProblem[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem.field, draft);
    if (!field) {
      others.push(problem);
      continue;
    }
    const place = problem.severity === 'error' ? errors : warnings;
    const words = [place.get(field), problem.message, problem.advice];
    place.set(field, words.filter(Boolean).join(' '));
  }
  return {
    errors: Object.fromEntries(errors),
    warnings: Object.fromEntries(warnings),
    others
  };
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
  return fieldOf(error.field ?? '', draft);
}

/** The form's field that the request's field is, or undefined if it has none. */
function fieldOf(field: string, draft: IDraft): string | undefined {
  if (FIELDS.includes(field)) {
    return field;
  }
  if (field.startsWith('bundles.') && draft.bundles.includes(field.slice(8))) {
    return field;
  }
  const option = field.startsWith('options.') ? field.slice(8) : undefined;
  const row = draft.options.find(
    item => option !== undefined && item.name.trim() === option
  );
  return row && `options.${row.key}`;
}
