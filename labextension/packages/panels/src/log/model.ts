// SPDX-License-Identifier: Apache-2.0
import {
  Emitter,
  type FiresteelApi,
  type LogLevel,
  type LogLine,
  type LogWindow
} from '@firesteel/client';
import { LogFollower } from './follower';
import { queryOf, type ILogOptions } from './options';
import { LogPages } from './pages';
import { LogSearch } from './search';

/** How far (lines) back the head of a stack trace is looked for. */
const TRACE = 200;
/** How long (milliseconds) after a search it is made again when the log has grown. */
const SEARCH_AGAIN = 2_000;

export type LogApi = Pick<FiresteelApi, 'logLines' | 'searchLog'>;

/** What is known of a log as a whole. */
export type LogHead = Omit<LogWindow, 'lines'>;

/**
 * A connection's log: what is known of it, its lines around what is looked at,
 * and a search. It asks for nothing while nobody looks.
 */
export class LogModel {
  readonly search: LogSearch;
  private readonly _pages: LogPages;
  private readonly _follower: LogFollower;
  private readonly _emitter = new Emitter();
  private readonly _past = new Set<string>();
  private _head?: LogWindow;
  private _unfinished?: LogLine;
  private _problem?: unknown;
  private _freshAt = 0;
  private _anewAt?: number;
  private _visible = false;
  private _again?: ReturnType<typeof setTimeout>;
  private _wanted = { first: 0, end: 0 };

  constructor(
    api: LogApi,
    readonly name: string,
    private readonly _now: () => number = Date.now
  ) {
    const onWindow = (window: LogWindow): void => this._take(window);
    const onProblem = (reason: unknown): void => this._fail(reason);
    this.search = new LogSearch(api, name);
    this.search.setVisible(false);
    this._pages = new LogPages({ api, name, onWindow, onProblem });
    this._follower = new LogFollower({
      api,
      name,
      head: () => this._head,
      looking: () => this.looking,
      onWindow,
      onProblem
    });
  }

  readonly subscribe = this._emitter.subscribe;

  /** The latest that is known of the log. */
  get head(): LogHead | undefined {
    return this._head;
  }

  /** Whether the daemon has yet to look through a part of it. */
  get looking(): boolean {
    const head = this._head;
    // A line without an end is known, and not among what is indexed.
    return Boolean(
      head && head.indexed_bytes < head.bytes && !this._unfinished
    );
  }

  /** Why the latest call failed, if it did. */
  get problem(): unknown {
    return this._problem;
  }

  /** When (milliseconds since 1970) the daemon answered last. */
  get freshAt(): number {
    return this._freshAt;
  }

  /** When another log took the place of the one that was shown, if it did. */
  get anewAt(): number | undefined {
    return this._anewAt;
  }

  /** Number of the first line that can be shown. */
  get first(): number {
    return this._head?.first_line ?? 0;
  }

  /** One more than the number of the last line that can be shown. */
  get end(): number {
    return (this._head?.end_line ?? 0) + (this._unfinished ? 1 : 0);
  }

  /** How many pages and characters are kept. */
  get kept(): { readonly pages: number; readonly characters: number } {
    return { pages: this._pages.size, characters: this._pages.characters };
  }

  line(number: number): LogLine | undefined {
    return number === this._unfinished?.number
      ? this._unfinished
      : this._pages.line(number);
  }

  /** The level that holds at a line: its own, or that of the line that it belongs to. */
  level(number: number): LogLevel {
    const first = Math.max(this.first, number - TRACE);
    for (let at = number; at >= first; at--) {
      const level = this.line(at)?.level;
      if (level !== 'none') {
        return level ?? 'none';
      }
    }
    return 'none';
  }

  /** These lines are looked at, up to the one before `end`. */
  want(first: number, end: number): void {
    this._wanted = { first, end };
    this._fetch();
  }

  /** Whether new lines are looked at as they come. */
  set attentive(attentive: boolean) {
    this._follower.attentive = attentive;
  }

  setVisible(visible: boolean): void {
    if (visible === this._visible) {
      return;
    }
    this._visible = visible;
    this.search.setVisible(visible);
    if (visible) {
      this._follower.start();
      this._fetch();
    } else {
      this._follower.stop();
      this._pages.rest();
      this._cancelAgain();
    }
  }

  /** Look for what the options say, or for nothing. */
  find(options: ILogOptions): void {
    const query = queryOf(options);
    if (query) {
      this.search.run(query);
    } else {
      this.search.clear();
    }
  }

  dispose(): void {
    this.setVisible(false);
    this.search.clear();
    this._emitter.clear();
  }

  private _take(window: LogWindow): void {
    if (this._past.has(window.generation)) {
      return; // An answer that was overtaken.
    }
    const before = this._head;
    const anew = before && before.generation !== window.generation;
    if (anew) {
      this._past.add(before.generation);
      this._pages.clear();
      this._unfinished = undefined;
      this._anewAt = this._now();
    }
    this._pages.keep(window.lines);
    if (anew || !before || window.bytes >= before.bytes) {
      this._unfinished = this._unfinishedOf(window);
      this._head = { ...window, lines: [] };
    }
    this._problem = undefined;
    this._freshAt = this._now();
    if (anew) {
      this.search.again();
    } else if (this._head && this._head.bytes !== before?.bytes) {
      this._searchAgain();
    }
    this._fetch();
    this._emitter.emit();
  }

  /** The line without an end: of this reply, or the one known if it can't be in this reply. */
  private _unfinishedOf(window: LogWindow): LogLine | undefined {
    const last = window.lines[window.lines.length - 1];
    if (last?.unfinished) {
      return last;
    }
    const known = this._unfinished;
    const same =
      known?.number === window.end_line && window.bytes === this._head?.bytes;
    return same ? known : undefined;
  }

  private _fail(reason: unknown): void {
    this._problem = reason;
    this._emitter.emit();
  }

  private _fetch(): void {
    if (this._visible && this._head) {
      const { first, end } = this._wanted;
      this._pages.want(
        Math.max(first, this._head.first_line),
        Math.min(end, this._head.end_line)
      );
    }
  }

  private _searchAgain(): void {
    this._again ??= setTimeout(() => {
      this._again = undefined;
      if (this._visible && this._head) {
        this.search.refresh(this._head.bytes);
      }
    }, SEARCH_AGAIN);
  }

  private _cancelAgain(): void {
    clearTimeout(this._again);
    this._again = undefined;
  }
}
