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
import {
  draftErrors,
  draftOf,
  freeName,
  newDraft,
  refusedField,
  requestOf,
  type FieldErrors,
  type IDraft
} from './form';
import { problemOf, type IProblem } from './problem';

/** What can be asked of a connection. */
export type Action = 'start' | 'stop' | 'restart' | 'makeDefault' | 'remove';

/** What can be asked of what uses a connection. */
export type ActivityAction = 'interrupt' | 'release';

/** The form while it is open. */
export interface IForm {
  /** The connection that is started again, or undefined for a new one. */
  readonly editing?: string;
  readonly draft: IDraft;
  /** Messages of the daemon at fields; gone when the field is changed. */
  readonly refused: FieldErrors;
  /** A refusal that is about no field. */
  readonly problem?: IProblem;
  readonly busy: boolean;
}

/** The panel's own state; a new object at every change. */
export interface IPanelState {
  readonly form?: IForm;
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
    this._changed.clear();
    this._startListeners.clear();
  }

  setVisible(visible: boolean): void {
    this._set({ visible });
  }

  /** Start the default cluster with one click. */
  async startFirst(): Promise<void> {
    const cluster = this.store.getState().clusters[0];
    if (!cluster || this._state.quickStart.busy) {
      return;
    }
    this._set({ quickStart: { busy: true } });
    const name = this._freeName(cluster.name);
    try {
      this._asked.set(name, this.store.now());
      await this._api.create({ name, cluster: cluster.name });
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

  /** Open the form for a new connection; a form that is open stays as it is. */
  openForm(): void {
    if (this._state.form) {
      return;
    }
    const cluster = this.store.getState().clusters[0]?.name ?? '';
    const draft = newDraft(this._freeName(cluster), cluster);
    this._set({ form: { draft, refused: {}, busy: false } });
  }

  /** Open the form with what `name` was created with. */
  editForm(name: string): void {
    const connection = this.store.find(name);
    if (connection) {
      const draft = draftOf(connection);
      this._set({ form: { editing: name, draft, refused: {}, busy: false } });
    }
  }

  closeForm(): void {
    this._set({ form: undefined });
  }

  /** Take what was typed; `field` is the one whose refusal it answers. */
  changeDraft(changes: Partial<IDraft>, field: string): void {
    const { form } = this._state;
    if (form) {
      const draft = { ...form.draft, ...changes };
      const refused = without(form.refused, field);
      this._set({ form: { ...form, draft, refused, problem: undefined } });
    }
  }

  /** What is wrong with the open form, as far as can be told here. */
  formErrors(): FieldErrors {
    const { form } = this._state;
    if (!form) {
      return {};
    }
    const taken = form.editing || form.busy ? [] : this._names();
    return draftErrors(form.draft, taken, this._trans);
  }

  /** Start what the form describes; refused, the form stays as it was typed. */
  async submitForm(): Promise<void> {
    const { form } = this._state;
    if (!form || form.busy || Object.keys(this.formErrors()).length > 0) {
      return;
    }
    const { name, ...definition } = requestOf(form.draft);
    this._set({ form: { ...form, busy: true, problem: undefined } });
    try {
      this._asked.set(name, this.store.now());
      if (form.editing) {
        await this._api.start(name, definition);
        this._set({ problems: without(this._state.problems, name) });
      } else {
        await this._api.create({ name, ...definition });
      }
      this.closeForm();
    } catch (reason) {
      this._asked.delete(name);
      this._refuse(reason);
    }
  }

  private _refuse(reason: unknown): void {
    const { form } = this._state;
    if (!form) {
      return;
    }
    const problem = problemOf(reason, this._trans);
    const field = refusedField(reason, form.draft);
    const words = [problem.message, problem.advice].filter(Boolean).join(' ');
    this._set({
      form: field
        ? { ...form, busy: false, refused: { ...form.refused, [field]: words } }
        : { ...form, busy: false, problem }
    });
  }

  private _names(): string[] {
    return this.store.getState().connections.map(item => item.name);
  }

  private _freeName(cluster: string): string {
    return freeName(this.wishedName || cluster, this._names());
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
