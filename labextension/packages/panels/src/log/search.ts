// SPDX-License-Identifier: Apache-2.0
import {
  Emitter,
  isCancelled,
  type FiresteelApi,
  type ILogQuery,
  type LogHit
} from '@firesteel/client';

/** Hits that are kept; the daemon shows no more of them either. */
export const HITS_KEPT = 10_000;
/** Hits in one reply. */
const STEP = 1_000;
/** Logs up to this size (bytes) are searched again by themselves when they grow. */
export const SMALL = 32 * 1024 * 1024;

/** What a search has found so far. */
export interface ILogFinds {
  readonly query: ILogQuery;
  readonly hits: readonly LogHit[];
  /** Lines found; more than there are hits when those are at their most. */
  readonly found: number;
  /** Bytes looked at, of how many. */
  readonly done: number;
  readonly total: number;
  /** Whether it goes on; else it has come to its end or was cancelled. */
  readonly running: boolean;
  readonly cancelled: boolean;
  /** Why it could not go on. */
  readonly problem?: unknown;
}

/** Searches a log, a step at a time; one search at once. */
export class LogSearch {
  private _finds?: ILogFinds;
  private _abort?: AbortController;
  private _awake?: Promise<void>;
  private _wake?: () => void;
  private _places = new Map<number, number>();
  private readonly _emitter = new Emitter();

  constructor(
    private readonly _api: Pick<FiresteelApi, 'searchLog'>,
    private readonly _name: string
  ) {}

  readonly subscribe = this._emitter.subscribe;

  /** Of the search that was asked for last, if there is one. */
  get finds(): ILogFinds | undefined {
    return this._finds;
  }

  /** Which hit is on the line: its place among the hits. */
  placeOf(line: number): number | undefined {
    return this._places.get(line);
  }

  /** Begin a search; what an earlier one has found goes. */
  run(query: ILogQuery): void {
    this._stop();
    this._places = new Map();
    this._set(begun(query));
    this._begin(query, false);
  }

  /**
   * Search again for the same, if the log is small; what was found stays until
   * that is done. Does nothing while a search runs.
   */
  refresh(bytes: number): void {
    const finds = this._finds;
    if (
      finds &&
      !this._abort &&
      !finds.problem &&
      !finds.cancelled &&
      bytes !== finds.total &&
      bytes <= SMALL
    ) {
      this._begin(finds.query, true);
    }
  }

  /** Search again for the same, however large the log is. */
  again(): void {
    if (this._finds) {
      this.run(this._finds.query);
    }
  }

  /** End it where it is; what was found stays. */
  cancel(): void {
    if (this._finds?.running) {
      this._stop();
      this._set({ ...this._finds, running: false, cancelled: true });
    }
  }

  /** Forget it. */
  clear(): void {
    this._stop();
    this._places = new Map();
    this._set(undefined);
  }

  /** While nobody looks, no steps are made. */
  setVisible(visible: boolean): void {
    if (visible) {
      this._wake?.();
      this._awake = undefined;
    } else {
      this._awake ??= new Promise(resolve => (this._wake = resolve));
    }
  }

  private _stop(): void {
    this._abort?.abort();
    this._abort = undefined;
  }

  private _set(finds: ILogFinds | undefined): void {
    this._finds = finds;
    this._emitter.emit();
  }

  private _begin(query: ILogQuery, quiet: boolean): void {
    const abort = new AbortController();
    this._abort = abort;
    void this._search(query, quiet, abort.signal).finally(() => {
      if (this._abort === abort) {
        this._abort = undefined;
      }
    });
  }

  private async _search(
    query: ILogQuery,
    quiet: boolean,
    signal: AbortSignal
  ): Promise<void> {
    let finds = begun(query);
    let cursor: string | undefined;
    do {
      await this._awake;
      try {
        const step = await this._api.searchLog(
          this._name,
          query,
          { cursor, limit: STEP },
          signal
        );
        if (signal.aborted) {
          return;
        }
        cursor = step.begun_anew ? undefined : step.next;
        finds = {
          ...finds,
          hits: finds.hits.concat(step.hits).slice(0, HITS_KEPT),
          found: finds.found + step.found,
          done: step.done_bytes,
          total: step.total_bytes,
          running: cursor !== undefined
        };
      } catch (reason) {
        if (isCancelled(reason) || signal.aborted) {
          return;
        }
        if (quiet) {
          return; // What was found before still holds.
        }
        finds = { ...finds, running: false, problem: reason };
        cursor = undefined;
      }
      if (!quiet || cursor === undefined) {
        this._publish(finds);
      }
    } while (cursor !== undefined);
  }

  private _publish(finds: ILogFinds): void {
    this._places = new Map(finds.hits.map((hit, place) => [hit.number, place]));
    this._set(finds);
  }
}

function begun(query: ILogQuery): ILogFinds {
  return {
    query,
    hits: [],
    found: 0,
    done: 0,
    total: 0,
    running: true,
    cancelled: false
  };
}
