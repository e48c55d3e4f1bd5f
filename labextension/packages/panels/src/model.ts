// SPDX-License-Identifier: Apache-2.0
import {
  ApiError,
  Emitter,
  stateSince,
  UnreachableError,
  type ConnectionStore,
  type FiresteelApi,
  type IKnownConnection
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

/** What can be asked of a connection. */
export type Action = 'start' | 'stop' | 'restart' | 'makeDefault' | 'remove';

/** Why something that was asked for was not done. */
export interface IProblem {
  readonly message: string;
  readonly advice?: string;
}

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
    if (this._state.pending[name]) {
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

function without<T>(
  record: Readonly<Record<string, T>>,
  key: string
): Record<string, T> {
  const { [key]: _removed, ...others } = record;
  return others;
}

/** A failed request in words for people. */
export function problemOf(reason: unknown, trans: TranslationBundle): IProblem {
  if (reason instanceof ApiError) {
    return { message: reason.message, advice: reason.advice };
  }
  if (reason instanceof UnreachableError) {
    return unreachable(reason, trans);
  }
  return { message: String(reason) };
}

function unreachable(
  error: UnreachableError,
  trans: TranslationBundle
): IProblem {
  switch (error.cause) {
    case 'login':
      return {
        message: trans.__('The Jupyter server wants you to log in again.'),
        advice: trans.__('Reload the page.')
      };
    case 'not_installed':
      return {
        message: trans.__('The Jupyter server knows nothing of Firesteel.'),
        advice: trans.__(
          'Install the firesteel package where Jupyter runs, then restart Jupyter.'
        )
      };
    case 'network':
      return { message: trans.__('The Jupyter server does not answer.') };
    case 'timeout':
      return { message: trans.__('Firesteel did not answer in time.') };
    case 'proxy':
      return {
        message: trans.__(
          'The Jupyter server could not reach Firesteel (status %1).',
          error.status ?? '?'
        ),
        advice: trans.__('Run “firesteel doctor” in a terminal.')
      };
  }
}
