// SPDX-License-Identifier: Apache-2.0
import { Emitter, type LogHit } from '@firesteel/client';
import type { IShownLine } from './linerow';
import type { LogModel } from './model';
import type { ILogOptions } from './options';

/** How long (milliseconds) after the last key a search begins. */
const TYPING = 250;

/** How a log is looked at now. */
export interface ILogTabState {
  readonly options: ILogOptions;
  /** Whether the view stays at the end. */
  readonly following: boolean;
  /** Lines that there were when following ended. */
  readonly pausedAt?: number;
  /** Which of the hits was gone to last: its place among them. */
  readonly place?: number;
  /** The line that was gone to last. */
  readonly current?: number;
  /** What has just been done, in a sentence. */
  readonly notice: string;
}

/** What the user does with a log: search, filter, follow, go to lines. No DOM. */
export class LogTab {
  /** Brings a row into view; set by who shows the rows. */
  reveal: (row: number) => void = () => undefined;
  private readonly _emitter = new Emitter();
  private readonly _unsubscribe: (() => void)[];
  private _state: ILogTabState;
  /** The line to go to as soon as the log is known. */
  private _awaited?: number;
  private _typing?: ReturnType<typeof setTimeout>;

  constructor(
    readonly model: LogModel,
    options: ILogOptions,
    /** Called when the options have changed. */
    private readonly _onOptions: (options: ILogOptions) => void = () =>
      undefined
  ) {
    this._state = { options, following: true, notice: '' };
    this._unsubscribe = [
      model.subscribe(() => this._emit()),
      model.search.subscribe(() => this._emit())
    ];
    model.find(options);
  }

  readonly subscribe = this._emitter.subscribe;

  readonly getState = (): ILogTabState => this._state;

  get options(): ILogOptions {
    return this._state.options;
  }

  /** Whether only what a search has found is shown. */
  get filtered(): boolean {
    return this._state.options.filter !== 'all';
  }

  dispose(): void {
    clearTimeout(this._typing);
    this._unsubscribe.forEach(end => end());
    this._emitter.clear();
    this.model.dispose();
  }

  /** The rows that there are: numbers of lines, or places among the hits. */
  range(): { first: number; end: number } {
    return this.filtered
      ? { first: 0, end: this._hits.length }
      : { first: this.model.first, end: this.model.end };
  }

  /** What is to be seen in a row; nothing when it isn't known yet. */
  row(row: number): IShownLine | undefined {
    const { current, options } = this._state;
    const { model, filtered } = this;
    const { timestamps } = options;
    if (filtered) {
      const hit = this._hits[row];
      return (
        hit && {
          line: hit,
          level: this._levelOf(hit, row),
          timestamps,
          spans: hit.spans,
          current: hit.number === current,
          numbered: true
        }
      );
    }
    const line = model.line(row);
    const place = options.q ? model.search.placeOf(row) : undefined;
    return (
      line && {
        line,
        level: model.level(row),
        timestamps,
        spans: place === undefined ? undefined : this._hits[place].spans,
        current: row === current,
        numbered: false
      }
    );
  }

  /** Change how the log is shown. */
  set(changes: Partial<ILogOptions>): void {
    const before = this._state.options;
    const options = { ...before, ...changes };
    if (options.filter !== before.filter) {
      const following = options.filter === 'all';
      this.model.attentive = following;
      this._update({ options, following, pausedAt: undefined });
    } else {
      this._update({ options });
    }
    const searches = (['q', 'regex', 'matchCase', 'filter'] as const).some(
      key => options[key] !== before[key]
    );
    if (searches) {
      this._update({ place: undefined, notice: '' });
      clearTimeout(this._typing);
      const typed = options.q !== before.q && options.q !== '';
      this._typing = setTimeout(
        () => this.model.find(options),
        typed ? TYPING : 0
      );
    }
    this._onOptions(options);
  }

  /** Stay at the end as lines come, or where it is. */
  follow(following: boolean): void {
    if (following !== this._state.following) {
      this.model.attentive = following;
      this._update({
        following,
        pausedAt: following ? undefined : this.model.end
      });
    }
  }

  /** Go to the next hit, or to the one before (`step` −1); the first time from the row `top` on. */
  goToHit(step: 1 | -1, top: number): void {
    const hits = this._hits;
    if (hits.length === 0) {
      return;
    }
    const from = this._state.place ?? this._placeBefore(top, step);
    const place = (from + step + hits.length) % hits.length;
    this._update({ place, current: hits[place].number });
    this._reveal(this.filtered ? place : hits[place].number);
  }

  /** Show a line among all others. */
  goToLine(number: number): void {
    if (this.filtered) {
      this.set({ filter: 'all' });
    }
    this._update({
      current: number,
      place: this.options.q ? this.model.search.placeOf(number) : undefined
    });
    this._reveal(number);
  }

  goToFirstError(): void {
    const number = this.model.head?.first_error;
    if (number !== undefined) {
      this.goToLine(Math.max(number, this.model.first));
    }
  }

  /** End a search that runs, or forget what was looked for; gives whether there was something to do. */
  escape(): boolean {
    const { search } = this.model;
    if (search.finds?.running) {
      search.cancel();
      return true;
    }
    if (this.options.q) {
      this.set({ q: '' });
      return true;
    }
    return false;
  }

  /** Say what has been done. */
  notify(notice: string): void {
    this._update({ notice });
  }

  private get _hits(): readonly LogHit[] {
    return this.model.search.finds?.hits ?? [];
  }

  private _levelOf(hit: LogHit, place: number): LogHit['level'] {
    for (let at = place; at >= 0; at--) {
      const before = this._hits[at];
      if (before.level !== 'none') {
        return before.level;
      }
      // A line between them that was not found may have named another level.
      if (this._hits[at - 1]?.number !== before.number - 1) {
        break;
      }
    }
    return hit.level;
  }

  /** The place from which a step leads to the nearest hit at or behind `top`, or before it. */
  private _placeBefore(top: number, step: 1 | -1): number {
    if (this.filtered) {
      return step === 1 ? -1 : 0;
    }
    const hits = this._hits;
    const next = hits.findIndex(hit => hit.number >= top);
    if (step === 1) {
      return next === -1 ? -1 : next - 1;
    }
    return next === -1 ? 0 : next;
  }

  private _reveal(row: number): void {
    this.follow(false);
    if (this.filtered || this.model.head) {
      this.reveal(row);
    } else {
      this._awaited = row;
    }
  }

  private _update(changes: Partial<ILogTabState>): void {
    this._state = { ...this._state, ...changes };
    this._emitter.emit();
  }

  private _emit(): void {
    this._state = { ...this._state };
    this._emitter.emit();
    const row = this._awaited;
    if (row !== undefined && this.model.head) {
      this._awaited = undefined;
      this.reveal(row);
    }
  }
}
