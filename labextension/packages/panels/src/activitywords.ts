// SPDX-License-Identifier: Apache-2.0
import type {
  IKnownActivity,
  IProgress,
  Operation,
  Session
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatBytes, formatCount } from './format';

/** Languages as they write themselves, by how clients call them. */
const LANGUAGES = new Map([
  ['python', 'Python'],
  ['scala', 'Scala'],
  ['go', 'Go'],
  ['rust', 'Rust'],
  ['swift', 'Swift'],
  ['csharp', 'C#'],
  ['dotnet', '.NET'],
  ['julia', 'Julia'],
  ['r', 'R']
]);

/** A notebook's file name. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What a client says of itself, for people: `Python 3.11 · Spark 4.3.0`. */
export function clientWords(type: string, trans: TranslationBundle): string {
  const versions = new Map<string, string>();
  let language: string | undefined;
  let own: string | undefined;
  for (const word of type.split(/\s+/).filter(Boolean)) {
    const [key, version] = word.toLowerCase().split('/', 2);
    const spark = /^_?spark_connect_(\w+)$/.exec(key);
    if (version) {
      versions.set(key, version);
    } else if (spark) {
      language = spark[1];
    } else {
      own ??= word;
    }
  }
  language ??= [...LANGUAGES.keys()].find(key => versions.has(key));
  const spark = versions.get('spark');
  const parts = [
    own,
    language && languageWords(language, versions.get(language)),
    spark && trans.__('Spark %1', spark)
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : trans.__('Unknown client');
}

function languageWords(language: string, version = ''): string {
  const name =
    LANGUAGES.get(language) ?? language[0].toUpperCase() + language.slice(1);
  const short = /^\d+(\.\d+)?/.exec(version)?.[0];
  return short ? `${name} ${short}` : name;
}

/** A session by its notebook's file name, else by its client. */
export function sessionName(
  session: Session,
  trans: TranslationBundle
): string {
  return session.notebook
    ? fileName(session.notebook)
    : clientWords(session.client_type, trans);
}

/** Who has sessions, each once: file names, or paths where those are the same. */
export function usersOf(
  sessions: readonly Session[],
  trans: TranslationBundle
): string[] {
  const paths = notebooksOf(sessions);
  const count = new Map<string, number>();
  for (const name of paths.map(fileName)) {
    count.set(name, 1 + (count.get(name) ?? 0));
  }
  const notebooks = paths.map(path => {
    const name = fileName(path);
    return count.get(name) === 1 ? name : path;
  });
  const others = sessions
    .filter(item => !item.notebook)
    .map(item => clientWords(item.client_type, trans));
  return [...notebooks, ...new Set(others)];
}

function notebooksOf(sessions: readonly Session[]): string[] {
  return [
    ...new Set(sessions.map(item => item.notebook).filter(path => path !== ''))
  ];
}

/** How many use it and how much runs: `3 notebooks · 2 operations run`. */
export function usageWords(
  activity: IKnownActivity,
  trans: TranslationBundle
): string {
  const { sessions, running } = activity;
  const notebooks = notebooksOf(sessions).length;
  const others = sessions.filter(item => !item.notebook).length;
  const words: string[] = [];
  if (notebooks > 0) {
    const count = formatCount(notebooks);
    words.push(trans._n('%2 notebook', '%2 notebooks', notebooks, count));
  }
  if (others > 0) {
    const count = formatCount(others);
    words.push(
      notebooks > 0
        ? trans._n('%2 other client', '%2 other clients', others, count)
        : trans._n('%2 client', '%2 clients', others, count)
    );
  }
  if (words.length === 0) {
    words.push(trans.__('Nobody uses it'));
  }
  if (running > 0) {
    const count = formatCount(running);
    words.push(
      trans._n('%2 operation runs', '%2 operations run', running, count)
    );
  }
  return words.join(' · ');
}

/** What an operation is: `SQL query`, `write`, `schema`. */
export function operationWords(
  { kind, detail }: Pick<Operation, 'kind' | 'detail'>,
  trans: TranslationBundle
): string {
  const words = detail.replaceAll('_', ' ');
  switch (kind) {
    case 'query':
      return queryWords(detail, trans) ?? trans.__('query: %1', words);
    case 'command':
      return (
        commandWords(detail, trans) ??
        trans.__('command: %1', words.replace(/ command$/, ''))
      );
    case 'analyze':
      return analysisWords(detail, trans) ?? trans.__('analysis: %1', words);
    case 'upload':
      return trans.__('upload');
  }
}

function queryWords(
  detail: string,
  trans: TranslationBundle
): string | undefined {
  switch (detail) {
    case '':
      return trans.__('query');
    case 'sql':
      return trans.__('SQL query');
    case 'show_string':
    case 'html_string':
      return trans.__('show');
    case 'catalog':
      return trans.__('catalogue');
  }
  return undefined;
}

function commandWords(
  detail: string,
  trans: TranslationBundle
): string | undefined {
  switch (detail) {
    case '':
      return trans.__('command');
    case 'sql_command':
      return trans.__('SQL command');
    case 'write_operation':
    case 'write_operation_v2':
      return trans.__('write');
    case 'create_dataframe_view':
      return trans.__('create view');
    case 'merge_into_table_command':
      return trans.__('merge');
    case 'write_stream_operation_start':
      return trans.__('start of a streaming query');
    case 'ml_command':
      return trans.__('machine learning');
  }
  return undefined;
}

function analysisWords(
  detail: string,
  trans: TranslationBundle
): string | undefined {
  switch (detail) {
    case '':
      return trans.__('analysis');
    case 'schema':
    case 'tree_string':
      return trans.__('schema');
    case 'explain':
      return trans.__('explanation');
    case 'persist':
      return trans.__('cache');
    case 'unpersist':
      return trans.__('uncache');
  }
  return undefined;
}

/** How an operation is, or how it ended. */
export function operationStateWord(
  state: Operation['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'running':
      return trans.__('running');
    case 'finished':
      return trans.__('finished');
    case 'failed':
      return trans.__('failed');
    case 'interrupted':
      return trans.__('interrupted');
    case 'lost':
      return trans.__('lost with its server');
  }
}

/** How far it has got: `148/200 tasks`. */
export function taskWords(
  { completed, tasks }: IProgress,
  trans: TranslationBundle
): string {
  return trans.__('%1/%2 tasks', formatCount(completed), formatCount(tasks));
}

/** What an operation gave: `1,234 rows · 1.2 GB`; of nothing nothing. */
export function yieldWords(
  { rows, bytes }: Pick<Operation, 'rows' | 'bytes'>,
  trans: TranslationBundle
): string[] {
  return [
    rows > 0 && trans._n('%2 row', '%2 rows', rows, formatCount(rows)),
    bytes > 0 && formatBytes(bytes, trans)
  ].filter(words => words !== false);
}
