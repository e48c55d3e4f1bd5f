// SPDX-License-Identifier: Apache-2.0
import {
  Emitter,
  type ConnectionStore,
  type FiresteelApi,
  type IKnownConnection,
  type Options,
  type StartRequest
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CatalogModel } from './catalogmodel';
import {
  definitionOf,
  draftChanges,
  draftErrors,
  draftOf,
  draftWith,
  newDraft,
  placeProblems,
  refusedField,
  requestOf,
  withOptions,
  type FieldErrors,
  type IDraft,
  type IDraftChanges,
  type IPlacedProblems
} from './form';
import { NO_PREVIEW, PreviewLoop, type IPreviewState } from './preview';
import { problemOf, type IProblem } from './problem';
import { waitForState } from './waiting';

/** How long (milliseconds) a server may take to stop before it is told. */
const STOP_DEADLINE = 90_000;

/** What came into the form from elsewhere, and what of it was left out. */
export interface INote {
  readonly message: string;
  readonly details: readonly string[];
}

/** The form while it is open. */
export interface IForm {
  /** The connection that is changed, or undefined for a new one. */
  readonly editing?: string;
  /** What it began with. */
  readonly opened: IDraft;
  /** It began with nothing but defaults. */
  readonly fresh?: boolean;
  readonly draft: IDraft;
  /** Messages of the daemon at fields; gone when the field is changed. */
  readonly refused: FieldErrors;
  /** A refusal that is about no field. */
  readonly problem?: IProblem;
  readonly note?: INote;
  readonly check: IPreviewState;
  /** What is waited for after it was sent. */
  readonly busy?: 'start' | 'stop';
}

/** What the form needs of the panel. */
export interface IFormHost {
  /** A name for a new connection that none has yet; `named` goes before the user's setting. */
  freeName(wish: string, named?: string): string;
  /** A start of `name` was asked for here; `undone`: it was refused. */
  asked(name: string, undone?: 'undone'): void;
  /** What was wrong with the connection is settled. */
  settled(name: string): void;
}

/** The form of a connection: what is typed, what is wrong with it, and its start. */
export class FormModel {
  /** Ask the user whether the server may end; those who use it lose something. */
  agree: (connection: IKnownConnection) => Promise<boolean> = () =>
    Promise.resolve(true);
  private _form?: IForm;
  private readonly _changed = new Emitter();
  private readonly _previews: PreviewLoop;
  private readonly _unsubscribe: () => void;

  constructor(
    private readonly _api: FiresteelApi,
    private readonly _store: ConnectionStore,
    private readonly _catalog: CatalogModel,
    private readonly _trans: TranslationBundle,
    private readonly _host: IFormHost
  ) {
    this._previews = new PreviewLoop(_api, _trans, check =>
      this._set({ check })
    );
    let known = _catalog.getState().catalog;
    this._unsubscribe = _catalog.subscribe(() => {
      const { catalog } = _catalog.getState();
      if (catalog !== known) {
        known = catalog;
        this._onCatalogChanged();
      }
    });
  }

  readonly subscribe = this._changed.subscribe;
  readonly getState = (): IForm | undefined => this._form;

  dispose(): void {
    this._previews.stop();
    this._unsubscribe();
    this._changed.clear();
  }

  /** Open the form for a new connection; one that is open stays as it is. */
  open(): void {
    if (!this._form) {
      const cluster = this._catalog.defaultCluster();
      const draft = newDraft(this._host.freeName(cluster), cluster);
      this._begin(draft, { fresh: true });
    }
  }

  /** Open the form with what `name` runs with, or was created with. */
  edit(name: string): void {
    const connection = this._store.find(name);
    if (connection) {
      this._begin(draftOf(connection), { editing: name });
    }
  }

  /** Open the form of a new connection with this in it; nothing is started. */
  fill(name: string, definition: StartRequest, note?: INote): void {
    const cluster = this._catalog.defaultCluster();
    const wish = definition.cluster ?? cluster;
    const draft = newDraft(this._host.freeName(wish, name), cluster);
    this._begin(draftWith(draft, definition), { note });
  }

  close(): void {
    this._previews.stop();
    this._form = undefined;
    this._changed.emit();
  }

  /** Take what was typed; `field` is the one whose refusal it answers. */
  change(changes: Partial<IDraft>, field: string): void {
    if (this._form) {
      const draft = { ...this._form.draft, ...changes };
      const { [field]: _answered, ...refused } = this._form.refused;
      this._set({ draft, refused, problem: undefined });
      if (field !== 'name') {
        this._previews.ask(definitionOf(draft));
      }
    }
  }

  /** Take a whole definition, e.g. a preset's; the name stays. */
  take(definition: StartRequest): void {
    if (this._form) {
      const draft = draftWith(this._form.draft, definition);
      this._set({ draft, refused: {}, problem: undefined });
      this._previews.ask(definitionOf(draft), 0);
    }
  }

  /** Add options; gives how many of them replaced another value. */
  addOptions(options: Options): number {
    if (!this._form) {
      return 0;
    }
    const { draft } = this._form;
    const { rows, replaced } = withOptions(draft.options, options);
    this._set({ refused: {} });
    this.change({ options: rows }, 'options');
    return replaced;
  }

  /** Say what came in, or why it did not; without an argument say no more. */
  say(said: { note?: INote; problem?: IProblem } = {}): void {
    this._set({ note: said.note, problem: said.problem });
  }

  /** What is wrong with the open form, as far as can be told here. */
  errors(): FieldErrors {
    if (!this._form) {
      return {};
    }
    const { editing, busy, draft } = this._form;
    const { connections } = this._store.getState();
    const taken = editing || busy ? [] : connections.map(item => item.name);
    return draftErrors(draft, taken, this._trans);
  }

  /** What the daemon says of the draft as it is. */
  findings(): IPlacedProblems {
    const { check, draft } = this._form ?? {};
    return draft && check?.preview
      ? placeProblems(check.preview.problems, draft)
      : { errors: {}, warnings: {}, others: [] };
  }

  /** The version of Spark that is edited; undefined: not known yet. */
  sparkVersion(): string | undefined {
    const { editing } = this._form ?? {};
    return editing === undefined
      ? undefined
      : this._store.find(editing)?.spark_version;
  }

  /** Whether the connection that is edited runs: what is changed needs a restart. */
  runs(): boolean {
    const { editing } = this._form ?? {};
    const state = editing && this._store.find(editing)?.state;
    return state === 'starting' || state === 'ready' || state === 'stopping';
  }

  /** What was changed since the form was opened. */
  changes(): IDraftChanges | undefined {
    return this._form && draftChanges(this._form.opened, this._form.draft);
  }

  /** Whether there is something to start. */
  canSubmit(): boolean {
    return (
      this._form !== undefined &&
      !this._form.busy &&
      Object.keys(this.errors()).length === 0 &&
      (!this.runs() || this.changes() !== undefined)
    );
  }

  /** Start what the form describes; refused, the form stays as it was typed. */
  async submit(): Promise<void> {
    const form = this._form;
    if (!form || !this.canSubmit()) {
      return;
    }
    const { name, ...definition } = requestOf(form.draft);
    if (this.runs() && !(await this._stop(name))) {
      return;
    }
    this._set({ busy: 'start', problem: undefined });
    try {
      this._host.asked(name);
      if (form.editing) {
        await this._api.start(name, definition);
        this._host.settled(name);
      } else {
        await this._api.create({ name, ...definition });
      }
      this.close();
    } catch (reason) {
      this._host.asked(name, 'undone');
      this._refuse(reason);
    }
  }

  /** End the server that runs, if the user agrees; gives whether it has ended. */
  private async _stop(name: string): Promise<boolean> {
    const connection = this._store.find(name);
    if (!connection || !(await this.agree(connection))) {
      return false;
    }
    this._set({ busy: 'stop', problem: undefined });
    try {
      await this._api.stop(name);
      await waitForState(
        this._store,
        name,
        state => state === 'stopped' || state === 'failed',
        STOP_DEADLINE
      );
      return true;
    } catch (reason) {
      this._refuse(reason);
      return false;
    }
  }

  private _begin(draft: IDraft, more: Partial<IForm> = {}): void {
    this._previews.stop();
    const check = NO_PREVIEW;
    this._form = { opened: draft, draft, refused: {}, check, ...more };
    this._changed.emit();
    this._previews.ask(definitionOf(draft), 0);
    void this._catalog.prepare();
  }

  private _onCatalogChanged(): void {
    const form = this._form;
    if (!form) {
      return;
    }
    let { draft, opened } = form;
    if (form.fresh && !draftChanges(opened, draft)) {
      // Nothing is chosen yet: the default may be another by now.
      const cluster = this._catalog.defaultCluster() || draft.cluster;
      draft = { ...draft, cluster };
      opened = { ...opened, cluster };
      this._set({ draft, opened });
    }
    this._previews.ask(definitionOf(draft), 0);
  }

  private _refuse(reason: unknown): void {
    const form = this._form;
    if (!form) {
      return;
    }
    const problem = problemOf(reason, this._trans);
    const field = refusedField(reason, form.draft);
    const words = [problem.message, problem.advice].filter(Boolean).join(' ');
    this._set(
      field
        ? { busy: undefined, refused: { ...form.refused, [field]: words } }
        : { busy: undefined, problem }
    );
  }

  private _set(changes: Partial<IForm>): void {
    if (this._form) {
      this._form = { ...this._form, ...changes };
      this._changed.emit();
    }
  }
}
