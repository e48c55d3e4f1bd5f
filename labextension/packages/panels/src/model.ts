// SPDX-License-Identifier: Apache-2.0
import {
  ApiError,
  Emitter,
  stateSince,
  type ConnectionStore,
  type FiresteelApi,
  type IKnownConnection,
  type InterruptRequest
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { AttachedModel } from './attachedmodel';
import { CatalogModel } from './catalogmodel';
import { freeName } from './form';
import { FormModel } from './formmodel';
import { problemOf, type IProblem } from './problem';

/** What can be asked of a connection. */
export type Action = 'start' | 'stop' | 'restart' | 'makeDefault' | 'remove';

/** What can be asked of what uses a connection. */
export type ActivityAction = 'interrupt' | 'release';

/** The panel's own state; a new object at every change. */
export interface IPanelState {
  /** What has been asked of a connection and not been answered yet. */
  readonly pending: Readonly<Record<string, Action>>;
  /** Interrupts and releases that have not been answered yet, by `askingKey`. */
  readonly asking: ReadonlySet<string>;
  /** The connections whose users are listed. */
  readonly unfolded: ReadonlySet<string>;
  /** Why the last thing asked of a connection was not done. */
  readonly problems: Readonly<Record<string, IProblem>>;
  /** The same for the first connection, which has no card yet. */
  readonly quickStart: { readonly busy: boolean; readonly problem?: IProblem };
  /** Whether the panel can be seen; its clocks rest while it can't. */
  readonly visible: boolean;
}

/** The end of a start that was asked for here. */
export type StartListener = (connection: IKnownConnection) => void;

/** What the user does with connections, and what became of it. */
export class PanelModel {
  /** The wish for new connections' names; empty: the cluster's name. */
  wishedName = '';
  /** What a connection can be made of. */
  readonly catalog: CatalogModel;
  /** The form of a connection. */
  readonly form: FormModel;
  /** The active notebook and what it asks for. */
  readonly attached: AttachedModel;
  private _state: IPanelState = {
    pending: {},
    asking: new Set(),
    unfolded: new Set(),
    problems: {},
    quickStart: { busy: false },
    visible: false
  };
  private readonly _changed = new Emitter();
  /** When (on the store's clock) each start was asked for here. */
  private readonly _asked = new Map<string, number>();
  private readonly _startListeners = new Set<StartListener>();
  private readonly _unsubscribe: () => void;

  constructor(
    private readonly _api: FiresteelApi,
    readonly store: ConnectionStore,
    private readonly _trans: TranslationBundle
  ) {
    this.catalog = new CatalogModel(_api, store, _trans);
    const host = {
      freeName: (wish: string, named?: string) => this.freeName(wish, named),
      asked: (name: string, undone?: 'undone') => {
        if (undone) {
          this._asked.delete(name);
        } else {
          this._asked.set(name, store.now());
        }
      },
      settled: (name: string) => this.dismissProblem(name)
    };
    this.form = new FormModel(_api, store, this.catalog, _trans, host);
    this.attached = new AttachedModel(_api, store, this.form, _trans, host);
    this._unsubscribe = store.subscribe(() => this._onStoreChanged());
  }

  readonly subscribe = this._changed.subscribe;
  readonly getState = (): IPanelState => this._state;

  /** Listen for the end (ready or failed) of starts that were asked for here. */
  onStartEnded(listener: StartListener): void {
    this._startListeners.add(listener);
  }

  dispose(): void {
    this._unsubscribe();
    this.attached.dispose();
    this.form.dispose();
    this.catalog.dispose();
    this._changed.clear();
    this._startListeners.clear();
  }

  setVisible(visible: boolean): void {
    this._set({ visible });
  }

  /** Start the default cluster with one click. */
  async startFirst(): Promise<void> {
    const cluster = this.catalog.defaultCluster();
    if (!cluster || this._state.quickStart.busy) {
      return;
    }
    this._set({ quickStart: { busy: true } });
    const name = this.freeName(cluster);
    try {
      this._asked.set(name, this.store.now());
      await this._api.create({ name, cluster });
      this._set({ quickStart: { busy: false } });
    } catch (reason) {
      this._asked.delete(name);
      const problem = problemOf(reason, this._trans);
      this._set({ quickStart: { busy: false, problem } });
    }
  }

  /** Do `action`; what goes wrong is shown in the connection's card. */
  async run(name: string, action: Action): Promise<void> {
    if (own(this._state.pending, name)) {
      return;
    }
    this._set({
      pending: { ...this._state.pending, [name]: action },
      problems: without(this._state.problems, name)
    });
    try {
      if (action === 'start' || action === 'restart') {
        this._asked.set(name, this.store.now());
      }
      await this._api[action](name);
    } catch (reason) {
      this._asked.delete(name);
      const problem = problemOf(reason, this._trans);
      this._set({ problems: { ...this._state.problems, [name]: problem } });
    } finally {
      this._set({ pending: without(this._state.pending, name) });
    }
  }

  /** Interrupt one operation, those of a session, or all that run. */
  interrupt(name: string, what: InterruptRequest = {}): Promise<void> {
    return this._ask('interrupt', name, what, () =>
      this._api.interrupt(name, what)
    );
  }

  /** End a session with everything in it. */
  release(name: string, sessionId: string): Promise<void> {
    return this._ask('release', name, { session_id: sessionId }, () =>
      this._api.release(name, sessionId)
    );
  }

  isAsking(
    action: ActivityAction,
    name: string,
    what: InterruptRequest
  ): boolean {
    return this._state.asking.has(askingKey(action, name, what));
  }

  private async _ask(
    action: ActivityAction,
    name: string,
    what: InterruptRequest,
    request: () => Promise<unknown>
  ): Promise<void> {
    const key = askingKey(action, name, what);
    if (this._state.asking.has(key)) {
      return;
    }
    this._set({
      asking: changed(this._state.asking, key, true),
      problems: without(this._state.problems, name)
    });
    try {
      await request();
    } catch (reason) {
      if (!isGone(reason)) {
        const problem = problemOf(reason, this._trans);
        this._set({ problems: { ...this._state.problems, [name]: problem } });
      }
    } finally {
      this._set({ asking: changed(this._state.asking, key, false) });
    }
  }

  /** List who uses the connection, or don't. */
  setUnfolded(name: string, open: boolean): void {
    if (this._state.unfolded.has(name) !== open) {
      this._set({ unfolded: changed(this._state.unfolded, name, open) });
    }
  }

  dismissProblem(name: string): void {
    this._set({ problems: without(this._state.problems, name) });
  }

  /** A name that no connection has: like `named`, else as the settings wish, else like `wish`. */
  freeName(wish: string, named = ''): string {
    const { connections } = this.store.getState();
    return freeName(
      named || this.wishedName || wish,
      connections.map(item => item.name)
    );
  }

  private _onStoreChanged(): void {
    for (const [name, asked] of this._asked) {
      const connection = this.store.find(name);
      if (!connection || stateSince(connection) < asked) {
        continue;
      }
      const { state } = connection;
      if (state === 'ready' || state === 'failed') {
        this._asked.delete(name);
        this._startListeners.forEach(listener => listener(connection));
      }
    }
  }

  private _set(changes: Partial<IPanelState>): void {
    this._state = { ...this._state, ...changes };
    this._changed.emit();
  }
}

/** What the record itself has under the key: a connection may be called "constructor". */
export function own<T>(
  record: Readonly<Record<string, T>>,
  key: string
): T | undefined {
  return Object.prototype.hasOwnProperty.call(record, key)
    ? record[key]
    : undefined;
}

function without<T>(
  record: Readonly<Record<string, T>>,
  key: string
): Record<string, T> {
  const { [key]: _removed, ...others } = record;
  return others;
}

function changed(
  set: ReadonlySet<string>,
  key: string,
  present: boolean
): ReadonlySet<string> {
  const copy = new Set(set);
  if (present) {
    copy.add(key);
  } else {
    copy.delete(key);
  }
  return copy;
}

function askingKey(
  action: ActivityAction,
  name: string,
  what: InterruptRequest
): string {
  return JSON.stringify([action, name, what.session_id, what.operation_id]);
}

/** Whether what was to end had ended already: as good as done. */
function isGone(reason: unknown): boolean {
  return (
    reason instanceof ApiError &&
    (reason.code === 'operation_not_found' ||
      reason.code === 'session_not_found')
  );
}
