// SPDX-License-Identifier: Apache-2.0
import type {
  FiresteelApi,
  LogHit,
  LogLevel,
  LogLine,
  LogSearchStep,
  LogWindow
} from '@firesteel/client';

type LinesCall = Parameters<FiresteelApi['logLines']>;
type SearchCall = Parameters<FiresteelApi['searchLog']>;

const LEVELS = ['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** A log in memory that answers as the contract says. */
export class FakeLog {
  generation = 'g1';
  lines: string[] = [];
  sources = new Map<number, LogLine['source']>();
  unfinished?: string;
  /** Lines that were given back at the head. */
  dropped = 0;
  /** Lines in one reply at most. */
  replyMost = 5_000;
  /** Lines that one step of a search looks at. */
  stepLines = 10;
  /** How much is known, if not all. */
  indexed?: number;
  failure?: Error;
  readonly asked: LinesCall[1][] = [];
  readonly searched: SearchCall[1][] = [];
  /** Calls that were ended before their answer. */
  ended = 0;
  private readonly _waiting = new Set<() => void>();

  constructor(lines: readonly string[] = []) {
    this.lines = [...lines];
  }

  get bytes(): number {
    return 10 * this.lines.length + (this.unfinished?.length ?? 0);
  }

  add(...lines: string[]): void {
    this.lines.push(...lines);
    this.wake();
  }

  wake(): void {
    [...this._waiting].forEach(wake => wake());
  }

  /** Another server writes another log. */
  restart(...lines: string[]): void {
    this.generation += '+';
    this.lines = lines;
    this.unfinished = undefined;
    this.dropped = 0;
    this.wake();
  }

  line(number: number): LogLine {
    const text = this.lines[number];
    return {
      number,
      level: levelOf(text),
      source: this.sources.get(number) ?? 'server',
      text
    };
  }

  readonly logLines = async (
    ...[, query = {}, signal]: LinesCall
  ): Promise<LogWindow> => {
    this.asked.push(query);
    const { seen, wait_ms } = query;
    await Promise.resolve();
    while (wait_ms && seen === this.bytes && !this.failure) {
      await this._news(signal);
    }
    this._check(signal);
    const limit = Math.min(query.limit ?? 500, this.replyMost);
    const first = Math.max(
      this.dropped,
      query.first ?? this.lines.length - limit
    );
    const end = Math.min(this.lines.length, first + limit);
    const lines: LogLine[] = [];
    for (let number = first; number < end; number++) {
      lines.push(this.line(number));
    }
    if (this.unfinished !== undefined && lines.length < limit) {
      const number = this.lines.length;
      if (first <= number) {
        lines.push({
          number,
          level: 'none',
          source: 'server',
          text: this.unfinished,
          unfinished: true
        });
      }
    }
    const levels = this.lines.map(levelOf);
    const error = levels.findIndex(
      level => level === 'error' || level === 'fatal'
    );
    return {
      generation: this.generation,
      lines,
      first_line: this.dropped,
      end_line: this.lines.length,
      bytes: this.bytes,
      indexed_bytes: this.indexed ?? 10 * this.lines.length,
      dropped: { bytes: 10 * this.dropped, lines: this.dropped },
      counts: Object.fromEntries<number>(
        LEVELS.map(level => [
          level,
          levels.filter(each => each === level).length
        ])
      ),
      ...(error >= 0 && { first_error: error })
    };
  };

  readonly searchLog = async (
    ...[, query, step = {}, signal]: SearchCall
  ): Promise<LogSearchStep> => {
    this.searched.push(query);
    await Promise.resolve();
    this._check(signal);
    const begin = Number(step.cursor ?? 0);
    const end = Math.min(this.lines.length, begin + this.stepLines);
    const hits: LogHit[] = [];
    for (let number = begin; number < end; number++) {
      const line = this.line(number);
      const at = query.q ? line.text.indexOf(query.q) : 0;
      const fits = !query.levels || query.levels.includes(line.level as never);
      if (at >= 0 && fits) {
        const spans = query.q ? [[at, at + query.q.length]] : [];
        hits.push({ ...line, spans });
      }
    }
    return {
      generation: this.generation,
      hits,
      found: hits.length,
      done_bytes: 10 * end,
      total_bytes: this.bytes,
      ...(end < this.lines.length && { next: String(end) })
    };
  };

  private _check(signal: AbortSignal | undefined): void {
    if (signal?.aborted) {
      this.ended++;
      throw new DOMException('ended', 'AbortError');
    }
    if (this.failure) {
      throw this.failure;
    }
  }

  private async _news(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>(resolve => {
      const wake = (): void => {
        this._waiting.delete(wake);
        resolve();
      };
      this._waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
    this._check(signal);
  }
}

function levelOf(text: string): LogLevel {
  const word = /\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/.exec(text)?.[1];
  return (word?.toLowerCase() ?? 'none') as LogLevel;
}

export function infoLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `INFO line ${index}`);
}
