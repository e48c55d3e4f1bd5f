// SPDX-License-Identifier: Apache-2.0
import type { Connection, FiresteelEvent, ISocket } from '@firesteel/client';

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
    options: {},
    created_at: '2026-01-02T03:04:05Z',
    phases: [],
    ...changes
  };
}

export function snapshot(...connections: Connection[]): FiresteelEvent {
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
    ]
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
