// SPDX-License-Identifier: Apache-2.0
import {
  isCancelled,
  type FiresteelApi,
  type ILogLinesQuery,
  type LogWindow
} from '@firesteel/client';

/** How long (milliseconds) a call waits for something new. */
const WAIT = 20_000;
/** Between two calls (milliseconds), so that a log that is written fast is shown in gulps. */
const PAUSE = 150;
/** After a failure (milliseconds): doubled each time up to the most. */
const RETRY = 1_000;
const RETRY_MOST = 10_000;
/** Lines that come at first, and at most in each step. */
const STEP = 500;

/** Asks for what is new in a log, again and again, while it is on. */
export class LogFollower {
  /** Whether the new lines are looked at; else only how many there are is asked for. */
  attentive = true;
  /** Whether more came at last than one reply may bring. */
  private _fast = false;
  private _abort?: AbortController;

  constructor(
    private readonly _options: {
      readonly api: Pick<FiresteelApi, 'logLines'>;
      readonly name: string;
      /** The latest that is known of the log. */
      readonly head: () => LogWindow | undefined;
      /** Whether the daemon has yet to look through a part of it. */
      readonly looking: () => boolean;
      readonly onWindow: (window: LogWindow) => void;
      readonly onProblem: (reason: unknown) => void;
    }
  ) {}

  /** Begin to ask, at once; does nothing while it asks already. */
  start(): void {
    if (!this._abort) {
      this._abort = new AbortController();
      void this._run(this._abort.signal);
    }
  }

  /** Ask nothing any more. */
  stop(): void {
    this._abort?.abort();
    this._abort = undefined;
  }

  private async _run(signal: AbortSignal): Promise<void> {
    const { api, name, onWindow, onProblem } = this._options;
    // What has happened meanwhile is told at once, not when there is more.
    let query = this._query(false);
    let failures = 0;
    while (!signal.aborted) {
      let pause = PAUSE;
      try {
        const window = await api.logLines(name, query, signal);
        if (signal.aborted) {
          return;
        }
        failures = 0;
        const known = this._options.head()?.end_line ?? window.end_line;
        const came = window.end_line - known;
        this._fast = came > STEP;
        onWindow(window);
      } catch (reason) {
        if (isCancelled(reason) || signal.aborted) {
          return;
        }
        pause = Math.min(RETRY * 2 ** failures, RETRY_MOST);
        failures++;
        onProblem(reason);
      }
      await sleep(pause, signal);
      query = this._query(failures === 0);
    }
  }

  private _query(patient: boolean): ILogLinesQuery {
    const head = this._options.head();
    if (!head) {
      return { limit: STEP };
    }
    // A log that is still being looked through tells more without being written to.
    const waits = patient && !this._options.looking();
    // Of a log that is written faster than it is read, the end is looked at.
    const skips = this.attentive && this._fast;
    return {
      ...(!skips && { first: head.end_line }),
      limit: this.attentive ? STEP : 1,
      ...(waits && { seen: head.bytes, wait_ms: WAIT })
    };
  }
}

/** Wait so many milliseconds, or until the signal comes. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) {
      done();
    }
  });
}
