// SPDX-License-Identifier: Apache-2.0
import type { Connection, StartRequest } from '@firesteel/client';
import type { IAttachedConfig } from './attachedconfig';
import { isSecretName } from './secretoptions';

/** What a connection was created with. */
export type Definition = Pick<
  Connection,
  'name' | 'cluster' | 'bundles' | 'options'
>;

/** Where the notebook's configuration differs from a connection's. */
export interface IDifference {
  readonly kind: 'cluster' | 'bundle' | 'order' | 'option';
  /** Of the bundle or the option; empty otherwise. */
  readonly name: string;
  /** What the notebook asks for; absent: it isn't in the notebook. */
  readonly notebook?: string;
  /** What the connection has; absent: it has none. */
  readonly connection?: string;
  /** The values are not to be shown. */
  readonly secret: boolean;
}

// Options that make the server load or run what they name. There are more that
// can do harm: this is to say what to look at first, not what is harmless.
const RUNS_CODE =
  /extraJavaOptions|defaultJavaOptions|extraClassPath|extraLibraryPath|^spark\.(jars|files|archives|submit|driverEnv|executorEnv|plugins|pyspark|r|connect\.extensions|sql\.(extensions|catalog|warehouse|streaming))|[Ll]isteners$|\.(class|command|script|resource.*discovery.*)$/;

/** The options that can run code of the notebook's author when Spark starts. */
export function codeNames(options: Iterable<string>): string[] {
  return [...options].filter(name => RUNS_CODE.test(name));
}

/** What a connection is attached as: without its secret options, as notebooks are shared. */
export function configOf(connection: Definition): IAttachedConfig {
  const { name, cluster, bundles, options } = connection;
  return {
    cluster,
    bundles,
    options: new Map(
      Object.entries(options).filter(([option]) => !isSecretName(option))
    ),
    connection: name
  };
}

/** What starts a connection as the notebook asks for it. */
export function requestOfConfig(config: IAttachedConfig): StartRequest {
  const { cluster, bundles, options } = config;
  return {
    ...(cluster !== undefined && { cluster }),
    bundles: [...bundles],
    options: Object.fromEntries(options)
  };
}

/**
 * How the notebook's configuration differs from the connection's. Secret options
 * that only the connection has don't count: they are left out of notebooks. Those
 * that both have count as equal: the connection's value isn't known here.
 */
export function configDifferences(
  config: IAttachedConfig,
  connection: Definition
): IDifference[] {
  const found: IDifference[] = [];
  if (config.cluster !== undefined && config.cluster !== connection.cluster) {
    found.push({
      kind: 'cluster',
      name: '',
      notebook: config.cluster,
      connection: connection.cluster,
      secret: false
    });
  }
  found.push(...bundleDifferences(config.bundles, connection.bundles));
  found.push(...optionDifferences(config.options, connection.options));
  return found;
}

function bundleDifferences(
  notebook: readonly string[],
  connection: readonly string[]
): IDifference[] {
  const [mine, theirs] = [new Set(notebook), new Set(connection)];
  const found = [...new Set([...notebook, ...connection])]
    .filter(name => mine.has(name) !== theirs.has(name))
    .map(name => ({
      kind: 'bundle' as const,
      name,
      ...(mine.has(name) ? { notebook: name } : { connection: name }),
      secret: false
    }));
  if (found.length === 0 && notebook.join('\n') !== connection.join('\n')) {
    return [
      {
        kind: 'order',
        name: '',
        notebook: notebook.join(', '),
        connection: connection.join(', '),
        secret: false
      }
    ];
  }
  return found;
}

function optionDifferences(
  notebook: ReadonlyMap<string, string>,
  options: Definition['options']
): IDifference[] {
  const connection = new Map(Object.entries(options));
  return [...new Set([...notebook.keys(), ...connection.keys()])]
    .filter(name =>
      isSecretName(name)
        ? !connection.has(name)
        : notebook.get(name) !== connection.get(name)
    )
    .sort()
    .map(name => ({
      kind: 'option',
      name,
      notebook: notebook.get(name),
      connection: connection.get(name),
      secret: isSecretName(name)
    }));
}
