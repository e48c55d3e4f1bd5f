// SPDX-License-Identifier: Apache-2.0
import type { IKnownConnection, IStoreState } from '@firesteel/client';
import type { IAttachedConfig } from './attachedconfig';
import { configDifferences, type IDifference } from './configdiff';

/** How a notebook's configuration and the connections stand to each other. */
export interface IRelation {
  /**
   * nothing: there is neither; free: the notebook asks for nothing, a connection
   * is ready; asks: none is ready; coming: one like it is starting; same, differs:
   * beside the connection that is ready.
   */
  readonly kind: 'nothing' | 'free' | 'asks' | 'coming' | 'same' | 'differs';
  /** The connection that is meant; absent with `nothing` and `asks`. */
  readonly connection?: IKnownConnection;
  readonly differences: readonly IDifference[];
}

/**
 * The connection that counts is the one that the notebook uses, else the one it
 * names, else one that is just as it asks for, else the default or the only one.
 */
export function relate(
  state: Pick<IStoreState, 'connections' | 'activity'>,
  path: string | undefined,
  config: IAttachedConfig | undefined
): IRelation {
  const ready = state.connections.filter(item => item.state === 'ready');
  const used =
    path !== undefined &&
    ready.find(({ name }) =>
      state.activity.get(name)?.sessions.some(item => item.notebook === path)
    );
  const preferred =
    ready.find(item => item.is_default) ??
    (ready.length === 1 ? ready[0] : undefined);
  if (path === undefined || !config) {
    const connection = used || preferred;
    return path !== undefined && connection
      ? { kind: 'free', connection, differences: [] }
      : { kind: 'nothing', differences: [] };
  }
  const like = (item: IKnownConnection): boolean =>
    configDifferences(config, item).length === 0;
  const connection =
    used ||
    (ready.find(item => item.name === config.connection) ??
      ready.find(like) ??
      preferred);
  const coming = state.connections.find(
    item => item.state === 'starting' && like(item)
  );
  if (coming && !(connection && like(connection))) {
    return { kind: 'coming', connection: coming, differences: [] };
  }
  if (!connection) {
    return { kind: 'asks', differences: [] };
  }
  const differences = configDifferences(config, connection);
  const kind = differences.length === 0 ? 'same' : 'differs';
  return { kind, connection, differences };
}
