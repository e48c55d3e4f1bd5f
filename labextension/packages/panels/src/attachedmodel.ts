// SPDX-License-Identifier: Apache-2.0
import {
  Emitter,
  type ConnectionStore,
  type FiresteelApi,
  type IKnownConnection
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  attachedValue,
  detachedValue,
  parseAttached,
  shown,
  type IAttachedConfig,
  type IParsedConfig,
  type Json
} from './attachedconfig';
import {
  codeNames,
  configDifferences,
  configOf,
  requestOfConfig
} from './configdiff';
import type { FormModel } from './formmodel';
import { problemOf, type IProblem } from './problem';
import { relate, type IRelation } from './relation';
import { secretNames } from './secretoptions';

/** A notebook that is open, as far as its configuration goes. */
export interface INotebook {
  /** As Jupyter knows it. */
  readonly path: string;
  readonly readOnly: boolean;
  /** The value of the metadata's key; undefined if there is none. */
  read(): unknown;
  /** Replace the value; undefined removes the key. */
  write(value: { [key: string]: Json } | undefined): void;
  /** Listen to changes of the value; the function that is returned ends it. */
  subscribe(listener: () => void): () => void;
}

/** The active notebook and what it asks for. */
export interface IAttachedState extends IParsedConfig {
  readonly notebook?: INotebook;
  /** What the kernel had attached. */
  readonly said?: string;
  /** Why the start was refused. */
  readonly problem?: IProblem;
  readonly busy: boolean;
}

/** What a connection was attached with. */
export interface IAttached {
  readonly config: IAttachedConfig;
  /** Names of secret options that were left out. */
  readonly leftOut: readonly string[];
}

const NOTHING: IAttachedState = { dropped: [], busy: false };

/** What the active notebook asks for. It starts nothing by itself. */
export class AttachedModel {
  private _state = NOTHING;
  private _unsubscribe = (): void => undefined;
  private readonly _changed = new Emitter();

  constructor(
    private readonly _api: FiresteelApi,
    private readonly _store: ConnectionStore,
    private readonly _form: FormModel,
    private readonly _trans: TranslationBundle,
    private readonly _host: {
      freeName(wish: string, named?: string): string;
      asked(name: string, undone?: 'undone'): void;
    }
  ) {}

  readonly subscribe = this._changed.subscribe;
  readonly getState = (): IAttachedState => this._state;

  dispose(): void {
    this._unsubscribe();
    this._changed.clear();
  }

  /** Follow this notebook from now on. */
  follow(notebook: INotebook | undefined): void {
    this._unsubscribe();
    this._unsubscribe = notebook?.subscribe(() => this._read()) ?? this._none;
    this._state = { ...NOTHING, notebook };
    this._read();
  }

  /** How the notebook's configuration and the connections stand to each other. */
  relation(): IRelation {
    const { notebook, config } = this._state;
    return relate(this._store.getState(), notebook?.path, config);
  }

  /** Keep the connection's configuration in the active notebook. */
  attach(name: string): IAttached | undefined {
    const { notebook } = this._state;
    return notebook && this.attachTo(notebook, name);
  }

  /** The same for any notebook; undefined if it can't be done. */
  attachTo(notebook: INotebook, name: string): IAttached | undefined {
    const connection = this._store.find(name);
    if (!connection || notebook.readOnly) {
      return undefined;
    }
    const config = configOf(connection);
    notebook.write(attachedValue(config, notebook.read()));
    this._set({ said: undefined, problem: undefined });
    return { config, leftOut: secretNames(Object.keys(connection.options)) };
  }

  /** Say below the notebook's name what was attached without a click. */
  say(notebook: INotebook, said: string): void {
    if (this._state.notebook?.path === notebook.path) {
      this._set({ said });
    }
  }

  /** Forget the configuration; what others keep under the key stays. */
  detach(): void {
    const { notebook } = this._state;
    if (notebook && !notebook.readOnly) {
      notebook.write(detachedValue(notebook.read()));
      this._set({ said: undefined, problem: undefined });
    }
  }

  /** Whether one click may start it: nothing in it needs to be looked at first. */
  canStart(): boolean {
    return this._state.config !== undefined && this.cautions().length === 0;
  }

  /** Why it should be looked at before it is started. */
  cautions(): string[] {
    const { config, dropped } = this._state;
    const { clusters } = this._store.getState();
    const trans = this._trans;
    const cluster = config?.cluster;
    const code = codeNames(config?.options.keys() ?? []);
    const named = code.slice(0, 3).map(name => shown(name, 48));
    return [
      cluster !== undefined &&
        !clusters.some(item => item.name === cluster) &&
        trans.__('There is no cluster “%1” here.', shown(cluster)),
      code.length > 0 &&
        trans.__(
          'Can run code as you when it starts: %1',
          [...named, ...(code.length > 3 ? ['…'] : [])].join(', ')
        ),
      dropped.length > 0 && trans.__('A part of it can’t be used.')
    ].filter(words => words !== false);
  }

  /** Fill the form with what the notebook asks for. */
  review(): void {
    const { config, dropped } = this._state;
    if (config) {
      const message = this._trans.__(
        'Filled in from the notebook. Look before you start it.'
      );
      this._form.fill(config.connection ?? '', requestOfConfig(config), {
        message,
        details: [...this.cautions(), ...dropped]
      });
    }
  }

  /** Start what the notebook asks for: the user has clicked. */
  async start(): Promise<void> {
    const { config, busy } = this._state;
    if (!config || busy || !this.canStart()) {
      return;
    }
    const rested = this._restedLike(config);
    const definition = requestOfConfig(config);
    const wish = config.cluster ?? 'spark';
    const name =
      rested?.name ?? this._host.freeName(wish, config.connection ?? '');
    this._set({ busy: true, problem: undefined });
    try {
      this._host.asked(name);
      if (rested) {
        await this._api.start(name);
      } else {
        await this._api.create({ name, ...definition });
      }
    } catch (reason) {
      this._host.asked(name, 'undone');
      this._set({ problem: problemOf(reason, this._trans) });
    } finally {
      this._set({ busy: false });
    }
  }

  /**
   * A connection that doesn't run and is just what is asked for. With secrets in
   * the notebook none is known to be: they count as equal to a connection's,
   * whose values aren't known here. Its start could use other credentials than
   * the notebook's, so there is a new connection, which gets those.
   */
  private _restedLike(config: IAttachedConfig): IKnownConnection | undefined {
    if (secretNames(config.options.keys()).length > 0) {
      return undefined;
    }
    const rested = this._store
      .getState()
      .connections.filter(
        ({ state }) => state === 'stopped' || state === 'failed'
      )
      .filter(item => configDifferences(config, item).length === 0);
    return (
      rested.find(item => item.name === config.connection) ??
      (config.connection === undefined ? rested[0] : undefined)
    );
  }

  private readonly _none = (): void => undefined;

  private _read(): void {
    const { notebook } = this._state;
    this._set(parse(notebook, this._trans));
  }

  private _set(changes: Partial<IAttachedState>): void {
    this._state = { ...this._state, ...changes };
    this._changed.emit();
  }
}

function parse(
  notebook: INotebook | undefined,
  trans: TranslationBundle
): IParsedConfig {
  return {
    config: undefined,
    ...parseAttached(notebook?.read(), trans)
  };
}
