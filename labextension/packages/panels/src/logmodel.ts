// SPDX-License-Identifier: Apache-2.0
import type { ConnectionStore, FiresteelApi } from '@firesteel/client';

/** Lines that are asked for at first and in each step of following. */
const FIRST = 500;
const STEP = 5_000;
/** Lines that are kept; older ones are dropped. */
export const LINES_KEPT = 5_000;
/** Steps in one go, so that a log that is written fast can't hold on for ever. */
const STEPS_MOST = 10;

/** What changed in one go. */
export interface ILogChange {
  /** Lines that are new at the end. */
  readonly added: readonly string[];
  /** How many lines at the beginning were dropped. */
  readonly dropped: number;
  /** Whether this is another server's log: what was there before goes. */
  readonly restarted: boolean;
}

/** The end of a connection's log, read with a cursor. */
export class LogModel {
  private _count = 0;
  private _next?: number;
  private _serverId?: string;

  constructor(
    private readonly _api: Pick<FiresteelApi, 'log'>,
    private readonly _store: Pick<ConnectionStore, 'find'>,
    readonly name: string
  ) {}

  /** Read what is new; rejects as the API does, and can then be called again. */
  async read(): Promise<ILogChange> {
    const serverId = this._store.find(this.name)?.server_id;
    let restarted = serverId !== this._serverId && this._next !== undefined;
    if (restarted) {
      this._next = undefined;
    }
    this._serverId = serverId;
    let added: string[] = [];
    for (let step = 0; step < STEPS_MOST; step++) {
      const after = this._next;
      const chunk = await this._api.log(
        this.name,
        after === undefined ? { limit: FIRST } : { after, limit: STEP }
      );
      if (after !== undefined && chunk.next < after) {
        // A shorter log than before is another one: read its end.
        this._next = undefined;
        restarted = true;
        added = [];
        continue;
      }
      this._next = chunk.next;
      added = added.concat(chunk.lines).slice(-LINES_KEPT);
      if (chunk.end || after === undefined) {
        break;
      }
    }
    const before = restarted ? 0 : this._count;
    const dropped = Math.max(0, before + added.length - LINES_KEPT);
    this._count = before + added.length - dropped;
    return { added, dropped, restarted };
  }
}
