// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import { Widget } from '@lumino/widgets';
import { flameIcon } from './icons';
import type { ILogChange, LogModel } from './logmodel';
import { problemOf } from './problem';

/** How often (milliseconds) the log is read while it can be seen. */
const INTERVAL = 1_000;
/** How near (pixels) to its end the view follows the log. */
const NEAR_END = 24;

/** The end of a connection's log in a tab; it reads only while it can be seen. */
export class LogWidget extends Widget {
  private readonly _status = document.createElement('div');
  private readonly _lines = document.createElement('pre');
  private readonly _poll: Poll;

  constructor(
    private readonly _model: LogModel,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = `firesteel-log-${_model.name}`;
    this.addClass('firesteel-Log');
    this.title.label = _trans.__('Log: %1', _model.name);
    this.title.caption = _trans.__('Spark server log of “%1”', _model.name);
    this.title.icon = flameIcon;
    this.title.closable = true;
    this.node.dataset.firesteelLog = _model.name;
    this._status.className = 'firesteel-TabStatus';
    this._status.setAttribute('role', 'status');
    this._lines.tabIndex = 0;
    this._lines.setAttribute('role', 'log');
    // Every line aloud would drown the rest.
    this._lines.setAttribute('aria-live', 'off');
    this._lines.setAttribute('aria-label', this.title.caption);
    this.node.append(this._status, this._lines);
    this._poll = new Poll({
      name: `firesteel:log:${_model.name}`,
      auto: false,
      factory: () => this._read(),
      frequency: { interval: INTERVAL, backoff: true, max: 10_000 },
      standby: () => !this.isVisible || document.hidden
    });
  }

  /** The connection's name. */
  get name(): string {
    return this._model.name;
  }

  override dispose(): void {
    this._poll.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    void this._poll.start();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this._poll.refresh();
  }

  protected override onActivateRequest(): void {
    this._lines.focus({ preventScroll: true });
  }

  private async _read(): Promise<void> {
    try {
      const change = await this._model.read();
      if (!this.isDisposed) {
        this._status.textContent = '';
        this._show(change);
      }
    } catch (reason) {
      const problem = problemOf(reason, this._trans);
      this._status.textContent = [problem.message, problem.advice]
        .filter(Boolean)
        .join(' ');
      throw reason;
    }
  }

  private _show({ added, dropped, restarted }: ILogChange): void {
    const view = this._lines;
    const follows =
      view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_END;
    if (restarted) {
      view.replaceChildren();
    }
    for (let count = 0; count < dropped; count++) {
      view.firstChild?.remove();
    }
    view.append(
      ...added.map(line => {
        const element = document.createElement('div');
        element.textContent = line || '\u00a0';
        return element;
      })
    );
    if (follows && (added.length > 0 || restarted)) {
      view.scrollTop = view.scrollHeight;
    }
  }
}
