// SPDX-License-Identifier: Apache-2.0
import {
  isCancelled,
  type FiresteelApi,
  type LogLine,
  type LogWindow
} from '@firesteel/client';

/** Lines of a page. */
export const PAGE = 500;
/** Pages that are kept, and how many characters may be in them. */
export const PAGES_KEPT = 20;
export const CHARACTERS_KEPT = 16 * 1024 * 1024;

interface IPage {
  /** By their place in the page; what isn't known yet is absent. */
  readonly lines: (LogLine | undefined)[];
  characters: number;
}

/**
 * Lines of a log by their numbers: those around what is looked at, fetched when
 * they are wanted, and those that were looked at last.
 */
export class LogPages {
  /** The page that was wanted last is the last one. */
  private readonly _pages = new Map<number, IPage>();
  private readonly _fetches = new Map<number, AbortController>();
  private _characters = 0;
  private _first = 0;
  private _end = 0;

  constructor(
    private readonly _options: {
      readonly api: Pick<FiresteelApi, 'logLines'>;
      readonly name: string;
      /** Gets every reply; it gives the lines to `keep`. */
      readonly onWindow: (window: LogWindow) => void;
      readonly onProblem: (reason: unknown) => void;
    }
  ) {}

  /** How many pages are kept. */
  get size(): number {
    return this._pages.size;
  }

  /** How many characters are kept. */
  get characters(): number {
    return this._characters;
  }

  line(number: number): LogLine | undefined {
    return this._pages.get(Math.floor(number / PAGE))?.lines[number % PAGE];
  }

  /** Keep finished lines of a reply. */
  keep(lines: readonly LogLine[]): void {
    for (const line of lines) {
      if (!line.unfinished) {
        this._keep(line);
      }
    }
    this._bound();
  }

  /**
   * Fetch what is missing of the lines from `first` up to `end`, which is behind
   * the last one; what is under way for other pages is ended.
   */
  want(first: number, end: number): void {
    this._first = first;
    this._end = end;
    for (const [page, fetch] of this._fetches) {
      if (!this._wanted(page)) {
        fetch.abort();
        this._fetches.delete(page);
      }
    }
    if (end <= first) {
      return;
    }
    const last = Math.floor((end - 1) / PAGE);
    for (let page = Math.floor(first / PAGE); page <= last; page++) {
      this._touch(page);
      this._fill(page);
    }
  }

  /** Fetch nothing until something is wanted again. */
  rest(): void {
    this.want(0, 0);
  }

  /** Forget everything: this is another log. */
  clear(): void {
    this.rest();
    this._pages.clear();
    this._characters = 0;
  }

  private _wanted(page: number): boolean {
    return page * PAGE < this._end && (page + 1) * PAGE > this._first;
  }

  /** The first line of the page that is wanted and missing, and how many from there on. */
  private _gap(page: number): { first: number; limit: number } | undefined {
    const lines = this._pages.get(page)?.lines;
    const begin = Math.max(this._first, page * PAGE);
    const end = Math.min(this._end, (page + 1) * PAGE);
    let first = begin;
    while (first < end && lines?.[first % PAGE]) {
      first++;
    }
    if (first >= end) {
      return undefined;
    }
    // What comes behind is likely to be looked at next.
    let behind = first + 1;
    while (behind % PAGE !== 0 && !lines?.[behind % PAGE]) {
      behind++;
    }
    return { first, limit: behind - first };
  }

  private _fill(page: number): void {
    const gap = this._fetches.has(page) ? undefined : this._gap(page);
    if (gap) {
      const abort = new AbortController();
      this._fetches.set(page, abort);
      void this._fetch(page, gap, abort);
    }
  }

  private async _fetch(
    page: number,
    gap: { first: number; limit: number },
    abort: AbortController
  ): Promise<void> {
    const { api, name, onWindow, onProblem } = this._options;
    try {
      const window = await api.logLines(name, gap, abort.signal);
      if (abort.signal.aborted) {
        return;
      }
      // Still under way for whoever asks in `onWindow`: else a reply without the
      // line would be asked for again at once, for ever.
      onWindow(window);
      if (this._fetches.get(page) === abort) {
        this._fetches.delete(page);
      }
      // Long lines come in several replies.
      if (this.line(gap.first) && this._wanted(page)) {
        this._fill(page);
      }
    } catch (reason) {
      if (this._fetches.get(page) === abort) {
        this._fetches.delete(page);
      }
      if (!isCancelled(reason)) {
        onProblem(reason);
      }
    }
  }

  private _keep(line: LogLine): void {
    const number = Math.floor(line.number / PAGE);
    let page = this._pages.get(number);
    if (!page) {
      page = { lines: [], characters: 0 };
      this._pages.set(number, page);
    }
    const at = line.number % PAGE;
    const more = line.text.length - (page.lines[at]?.text.length ?? 0);
    // What is shown already stays the same object: its row need not be made anew.
    if (page.lines[at]?.text !== line.text) {
      page.lines[at] = line;
    }
    page.characters += more;
    this._characters += more;
  }

  private _touch(number: number): void {
    const page = this._pages.get(number);
    if (page) {
      this._pages.delete(number);
      this._pages.set(number, page);
    }
  }

  private _bound(): void {
    for (const [number, page] of this._pages) {
      if (
        this._pages.size <= PAGES_KEPT &&
        this._characters <= CHARACTERS_KEPT
      ) {
        return;
      }
      if (!this._wanted(number)) {
        this._pages.delete(number);
        this._characters -= page.characters;
      }
    }
  }
}
