// SPDX-License-Identifier: Apache-2.0
import { knownActivity, type IKnownActivity } from './activity';
import type { UnreachableError } from './errors';
import { Emitter } from './emitter';
import { EventStream, type ISocket } from './eventstream';
import type {
  ActivityEvent,
  Cluster,
  Connection,
  Endpoint,
  FiresteelEvent
} from './types';

/** A connection, and when (on this tab's clock) its measured times were right. */
export interface IKnownConnection extends Connection {
  /** Milliseconds on the store's clock at which the daemon's word arrived. */
  readonly arrived: number;
}

/** All that the daemon has said; a new object at every change. */
export interface IStoreState {
  /** Whether the daemon has said anything yet. */
  readonly known: boolean;
  /** Whether the stream of events is open and complete. */
  readonly live: boolean;
  /** Whether an attempt to reach the daemon has failed since it was last live. */
  readonly lost: boolean;
  /** Whether the open stream has been silent for longer than `LATE`. */
  readonly late: boolean;
  /** Why the daemon can't be reached, as far as that is known. */
  readonly reason?: UnreachableError;
  readonly daemonVersion?: string;
  readonly connections: readonly IKnownConnection[];
  readonly clusters: readonly Cluster[];
  /** One more whenever the catalogue has changed; undefined: not known. */
  readonly catalogRevision?: number;
  /** Of each connection, by its name, what is known of who uses it. */
  readonly activity: ReadonlyMap<string, IKnownActivity>;
  /** Where clients reach all connections. */
  readonly endpoint?: Endpoint;
}

/**
 * How old what the store says is. `age` is in milliseconds since the daemon's
 * last word, undefined when it has not said a word yet.
 */
export interface IFreshness {
  readonly kind: 'live' | 'late' | 'reconnecting' | 'connecting';
  readonly age?: number;
}

export interface IStoreOptions {
  /** Open a WebSocket to the daemon's events. */
  readonly open: () => ISocket;
  /** Ask why the events can't be had; resolves with undefined if not known. */
  readonly diagnose?: () => Promise<UnreachableError | undefined>;
  /** Milliseconds on a clock that never jumps. */
  readonly now?: () => number;
}

/** Without a word for so long (milliseconds) what the store says is late. */
export const LATE = 3_000;

const NOTHING: IStoreState = {
  known: false,
  live: false,
  lost: false,
  late: false,
  connections: [],
  clusters: [],
  activity: new Map()
};

/** What the daemon says, kept up to date by its events. */
export class ConnectionStore {
  readonly now: () => number;
  private _state = NOTHING;
  private _heard?: number;
  private _late?: ReturnType<typeof setTimeout>;
  private _diagnosing = false;
  private readonly _changed = new Emitter();
  private readonly _stream: EventStream;
  private readonly _diagnose: IStoreOptions['diagnose'];

  constructor(options: IStoreOptions) {
    this.now = options.now ?? (() => performance.now());
    this._diagnose = options.diagnose;
    this._stream = new EventStream({
      open: options.open,
      onEvent: event => this._apply(event),
      onLost: () => this._onLost()
    });
  }

  /** Listen to changes of the state; the function that is returned ends it. */
  readonly subscribe = this._changed.subscribe;

  /** What is known; the same object until something changes. */
  readonly getState = (): IStoreState => this._state;

  start(): void {
    this._stream.start();
  }

  dispose(): void {
    this._stream.stop();
    clearTimeout(this._late);
    this._changed.clear();
  }

  retryNow(): void {
    this._stream.retryNow();
  }

  find(name: string): IKnownConnection | undefined {
    return this._state.connections.find(item => item.name === name);
  }

  /** The default connection, else the only one. */
  preferred(): IKnownConnection | undefined {
    const { connections } = this._state;
    return (
      connections.find(item => item.is_default) ??
      (connections.length === 1 ? connections[0] : undefined)
    );
  }

  freshness(): IFreshness {
    const age =
      this._heard === undefined ? undefined : this.now() - this._heard;
    if (!this._state.live) {
      const kind = this._state.lost ? 'reconnecting' : 'connecting';
      return { kind, age };
    }
    return { kind: this._state.late ? 'late' : 'live', age };
  }

  private _apply(event: FiresteelEvent): void {
    this._heard = this.now();
    clearTimeout(this._late);
    this._late = setTimeout(() => this._set({ late: true }), LATE);
    if (this._state.late) {
      this._set({ late: false });
    }
    switch (event.type) {
      case 'snapshot':
        this._set({
          known: true,
          live: true,
          lost: false,
          reason: undefined,
          daemonVersion: event.daemon_version,
          clusters: event.clusters,
          catalogRevision: event.catalog_revision,
          connections: event.connections.map(item => this._arrived(item)),
          activity: this._withActivity(new Map(), event.activity),
          endpoint: event.endpoint
        });
        return;
      case 'connection':
        this._set({ connections: this._with(event.connection) });
        return;
      case 'removed':
        this._set({
          connections: this._state.connections.filter(
            item => item.name !== event.name
          ),
          activity: this._withoutActivity(event.name)
        });
        return;
      case 'activity':
        this._set({
          activity: this._withActivity(this._state.activity, [event])
        });
        return;
      case 'catalog':
        this._set({
          clusters: event.clusters,
          catalogRevision: event.revision
        });
        return;
      case 'gap':
        // Events are missing until the snapshot that follows.
        this._set({ live: false });
        return;
      case 'tick':
        return;
    }
  }

  private _arrived(connection: Connection): IKnownConnection {
    // A daemon from before an upgrade tells nothing of bundles.
    return {
      ...connection,
      bundles: connection.bundles ?? [],
      arrived: this.now()
    };
  }

  private _with(connection: Connection): IKnownConnection[] {
    const arrived = this._arrived(connection);
    const index = this._state.connections.findIndex(
      item => item.name === connection.name
    );
    const others = this._state.connections.map(item =>
      // There is one default at most, and its event may come first.
      connection.is_default && item.is_default && item.name !== connection.name
        ? { ...item, is_default: false }
        : item
    );
    if (index < 0) {
      return [...others, arrived];
    }
    others[index] = arrived;
    return others;
  }

  private _withActivity(
    base: ReadonlyMap<string, IKnownActivity>,
    events: readonly ActivityEvent[]
  ): ReadonlyMap<string, IKnownActivity> {
    const activity = new Map(base);
    for (const event of events) {
      const before = this._state.activity.get(event.connection);
      const known = knownActivity(event, before, this.now());
      activity.set(event.connection, known);
    }
    return activity;
  }

  private _withoutActivity(name: string): ReadonlyMap<string, IKnownActivity> {
    const activity = new Map(this._state.activity);
    activity.delete(name);
    return activity;
  }

  private _onLost(): void {
    clearTimeout(this._late);
    this._set({ live: false, lost: true, late: false });
    void this._findReason();
  }

  private async _findReason(): Promise<void> {
    if (this._diagnosing || !this._diagnose) {
      return;
    }
    this._diagnosing = true;
    try {
      const reason = await this._diagnose();
      if (!this._state.live) {
        this._set({ reason });
      }
    } finally {
      this._diagnosing = false;
    }
  }

  private _set(changes: Partial<IStoreState>): void {
    this._state = { ...this._state, ...changes };
    this._changed.emit();
  }
}

/** How long (milliseconds) the connection has been in its state, by now. */
export function stateAge(connection: IKnownConnection, now: number): number {
  return connection.state_age_ms + Math.max(0, now - connection.arrived);
}

/** When (milliseconds on the store's clock) the connection came into its state. */
export function stateSince(connection: IKnownConnection): number {
  return connection.arrived - connection.state_age_ms;
}

/** How long (milliseconds) a phase has taken so far, or took. */
export function phaseElapsed(
  connection: IKnownConnection,
  phase: Connection['phases'][number],
  now: number
): number {
  const since = phase.done ? 0 : Math.max(0, now - connection.arrived);
  return phase.elapsed_ms + since;
}
