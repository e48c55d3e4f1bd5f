// SPDX-License-Identifier: Apache-2.0
import type {
  ActivityEvent,
  Catalog,
  Connection,
  DocumentedOption,
  FiresteelEvent,
  ISocket,
  Operation,
  Session
} from '@firesteel/client';

/** A connection as the daemon sends it. */
export function connection(changes: Partial<Connection> = {}): Connection {
  const name = changes.name ?? 'analysis';
  return {
    id: `00000000-0000-4000-8000-${name.padStart(12, '0').slice(0, 12)}`,
    name,
    cluster: 'local',
    cluster_display_name: 'Local',
    state: 'ready',
    state_age_ms: 0,
    is_default: false,
    bundles: [],
    options: {},
    created_at: '2026-01-02T03:04:05Z',
    phases: [],
    suggestions: [],
    ...changes
  };
}

export function snapshot(
  ...connections: Connection[]
): Extract<FiresteelEvent, { type: 'snapshot' }> {
  return {
    type: 'snapshot',
    daemon_version: '0.1.0',
    connections,
    clusters: [
      {
        name: 'local',
        display_name: 'Local',
        engine: 'local',
        description: 'Spark on this machine'
      }
    ],
    catalog_revision: 1,
    activity: [],
    endpoint: { host: '127.0.0.1', port: 15002, socket: '/run/g.sock' }
  };
}

/** A catalogue of one cluster and no bundles, as the daemon sends it. */
export function catalog(changes: Partial<Catalog> = {}): Catalog {
  return {
    revision: 1,
    clusters: snapshot().clusters,
    bundles: [],
    cluster_is_fixed: false,
    problems: [],
    ...changes
  };
}

/** What the daemon sends in place of a secret value. */
export const STAND_IN = `*****#${'0123456789abcdef'.repeat(2)}`;

/** A documented option as the daemon sends it. */
export function documented(
  changes: Partial<DocumentedOption> = {}
): DocumentedOption {
  return {
    name: 'spark.executor.cores',
    category: 'Executors',
    type: 'integer',
    default: '1',
    description: 'How many cores. Each runs a task.',
    reserved: false,
    source: 'spark',
    ...changes
  };
}

/** A notebook's session as the daemon sends it. */
export function session(changes: Partial<Session> = {}): Session {
  return {
    session_id: 's1',
    user_id: 'ada',
    client_type: '_SPARK_CONNECT_PYTHON spark/4.3.0 os/linux python/3.11.2',
    notebook: 'work/first.ipynb',
    local: true,
    started_at: '2026-01-02T03:04:05Z',
    idle_ms: 0,
    running: 0,
    ...changes
  };
}

/** A running query as the daemon sends it. */
export function operation(changes: Partial<Operation> = {}): Operation {
  return {
    operation_id: 'o1',
    session_id: 's1',
    kind: 'query',
    detail: 'sql',
    state: 'running',
    attended: true,
    started_at: '2026-01-02T03:04:05Z',
    elapsed_ms: 0,
    rows: 0,
    bytes: 0,
    tasks: 0,
    completed_tasks: 0,
    notebook: 'work/first.ipynb',
    cell: '',
    ...changes
  };
}

export function activity(
  changes: Partial<Omit<ActivityEvent, 'type'>> = {}
): ActivityEvent {
  return {
    type: 'activity',
    connection: 'analysis',
    sessions: [],
    operations: [],
    ...changes
  };
}

/** A socket whose other end is the test. */
export class FakeSocket implements ISocket {
  onmessage: ISocket['onmessage'] = null;
  onclose: ISocket['onclose'] = null;
  closed = false;

  close(): void {
    this.closed = true;
  }

  say(message: unknown): void {
    const data =
      typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.(new MessageEvent('message', { data }));
  }

  drop(): void {
    this.onclose?.(new CloseEvent('close'));
  }
}
