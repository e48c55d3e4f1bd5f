// SPDX-License-Identifier: Apache-2.0
import {
  Emitter,
  type Bundle,
  type Catalog,
  type ConnectionStore,
  type FiresteelApi,
  type Preset,
  type StartRequest
} from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { OptionDocs } from './optiondocs';
import { problemOf, type IProblem } from './problem';

/** What a connection can be made of, as far as it is known. */
export interface ICatalogState {
  readonly catalog?: Catalog;
  /** Why the catalogue is not known. */
  readonly problem?: IProblem;
  readonly presets: readonly Preset[];
  /** Why the presets are not known, or not as they should be. */
  readonly presetProblem?: IProblem;
}

/** The daemon's catalogue and the user's presets; read again when they change. */
export class CatalogModel {
  readonly docs: OptionDocs;
  private _state: ICatalogState = { presets: [] };
  private _revision?: number;
  private readonly _changed = new Emitter();
  private readonly _unsubscribe: () => void;

  constructor(
    private readonly _api: FiresteelApi,
    private readonly _store: ConnectionStore,
    private readonly _trans: TranslationBundle
  ) {
    this.docs = new OptionDocs(_api);
    this._unsubscribe = _store.subscribe(() => this._onStoreChanged());
  }

  readonly subscribe = this._changed.subscribe;
  readonly getState = (): ICatalogState => this._state;

  dispose(): void {
    this._unsubscribe();
    this._changed.clear();
  }

  /** The cluster of a connection for which none was chosen; may be empty. */
  defaultCluster(): string {
    const { clusters } = this._store.getState();
    const { preselected } = this._state.catalog ?? {};
    const found = clusters.find(item => item.name === preselected);
    return (found ?? clusters[0])?.name ?? '';
  }

  /** Read the catalogue; `revision` is the one that the daemon told of. */
  async readCatalog(revision?: number): Promise<void> {
    this._revision = revision;
    try {
      const catalog = await this._api.catalog();
      if (this._revision === revision) {
        this.docs.forget();
        this._set({ catalog, problem: undefined });
      }
    } catch (reason) {
      if (this._revision === revision) {
        // The next form that is opened asks again.
        this._set({ problem: problemOf(reason, this._trans) });
      }
    }
  }

  /** Read what a form needs and isn't known. */
  async prepare(): Promise<void> {
    const { catalogRevision } = this._store.getState();
    await Promise.all([
      !this._state.catalog || this._state.problem
        ? this.readCatalog(catalogRevision)
        : undefined,
      this._readPresets()
    ]);
  }

  /** Gives whether it was kept; if not, the state says why. */
  savePreset(name: string, preset: StartRequest): Promise<boolean> {
    return this._changePresets(() => this._api.savePreset(name, preset));
  }

  removePreset(name: string): Promise<boolean> {
    return this._changePresets(() => this._api.removePreset(name));
  }

  private async _changePresets(
    change: () => Promise<unknown>
  ): Promise<boolean> {
    try {
      await change();
    } catch (reason) {
      this._set({ presetProblem: problemOf(reason, this._trans) });
      return false;
    }
    await this._readPresets();
    return true;
  }

  private async _readPresets(): Promise<void> {
    try {
      const presets = await this._api.presets();
      this._set({ presets, presetProblem: undefined });
    } catch (reason) {
      this._set({ presetProblem: problemOf(reason, this._trans) });
    }
  }

  private _onStoreChanged(): void {
    const { catalogRevision } = this._store.getState();
    if (catalogRevision !== undefined && catalogRevision !== this._revision) {
      void this.readCatalog(catalogRevision);
    }
  }

  private _set(changes: Partial<ICatalogState>): void {
    this._state = { ...this._state, ...changes };
    this._changed.emit();
  }
}

/** Whether a bundle is for this cluster and, if that is known, this version of Spark. */
export function bundleFits(
  bundle: Bundle,
  cluster: string,
  version?: string
): boolean {
  const { clusters, spark_versions } = bundle;
  return (
    (clusters.length === 0 || clusters.includes(cluster)) &&
    (!version ||
      spark_versions.length === 0 ||
      spark_versions.some(
        item => version === item || version.startsWith(`${item}.`)
      ))
  );
}
