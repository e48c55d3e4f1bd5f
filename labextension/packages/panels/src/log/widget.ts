// SPDX-License-Identifier: Apache-2.0
import type { FiresteelApi } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel, type Menu } from '@lumino/widgets';
import * as React from 'react';
import { formatCount } from '../format';
import { flameIcon } from '../icons';
import { problemOf } from '../problem';
import { lastLines } from './copy';
import { plainText } from './linetext';
import { openLogMenu } from './menu';
import { LogModel } from './model';
import type { ILogOptions } from './options';
import { StatusLine } from './StatusLine';
import { LogTab } from './tab';
import { LogToolbar } from './Toolbar';
import { LogView } from './view';

/** What a tab of a log needs. */
export interface ILogWidgetOptions {
  readonly api: Pick<FiresteelApi, 'logLines' | 'searchLog' | 'logTextUrl'>;
  /** The connection's name. */
  readonly name: string;
  readonly options: ILogOptions;
  /** Puts text into the clipboard; gives whether it has. */
  readonly copy: (text: string) => Promise<boolean>;
  /** Called when the user has changed how it is shown. */
  readonly onOptions?: (tab: LogWidget) => void;
  readonly trans: TranslationBundle;
}

/** A connection's log in a tab; it asks for nothing while it can't be seen. */
export class LogWidget extends Panel {
  readonly name: string;
  readonly tab: LogTab;
  private readonly _view: LogView;
  private readonly _looked = (): void => this._look();
  private _menu?: Menu;

  constructor(private readonly _options: ILogWidgetOptions) {
    super();
    const { api, name, options, trans } = _options;
    this.name = name;
    this.id = `firesteel-log-${name}`;
    this.addClass('firesteel-Log');
    this.title.label = trans.__('Log: %1', name);
    this.title.caption = trans.__('Spark server log of “%1”', name);
    this.title.icon = flameIcon;
    this.title.closable = true;
    this.node.dataset.firesteelLog = name;
    this.tab = new LogTab(new LogModel(api, name), options, () =>
      _options.onOptions?.(this)
    );
    const tab = this.tab;
    this._view = new LogView(tab, trans, this.title.caption);
    const bar = ReactWidget.create(
      React.createElement(LogToolbar, {
        tab,
        trans,
        onHit: step => tab.goToHit(step, this._view.list.top),
        onMenu: (x, y) => this._openMenu(x, y),
        onLeave: () => this._view.focus()
      })
    );
    const status = ReactWidget.create(
      React.createElement(StatusLine, { tab, trans })
    );
    [bar, this._view, status].forEach(part => this.addWidget(part));
    this.node.addEventListener('keydown', event => this._onKey(event));
    document.addEventListener('visibilitychange', this._looked);
  }

  /** How it is shown, for the next time. */
  get options(): ILogOptions {
    return this.tab.options;
  }

  /** Show a line. */
  goToLine(number: number): void {
    this.tab.goToLine(number);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      document.removeEventListener('visibilitychange', this._looked);
      this._menu?.dispose();
      this.tab.dispose();
      super.dispose();
    }
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._look();
  }

  protected override onBeforeDetach(message: Message): void {
    this.tab.model.setVisible(false);
    super.onBeforeDetach(message);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._look();
  }

  protected override onActivateRequest(): void {
    this._view.focus();
  }

  private _look(): void {
    this.tab.model.setVisible(this.isVisible && !document.hidden);
  }

  private _onKey(event: KeyboardEvent): void {
    const searches =
      (event.ctrlKey || event.metaKey) &&
      !event.altKey &&
      !event.shiftKey &&
      event.key.toLowerCase() === 'f';
    if (searches) {
      event.preventDefault();
      event.stopPropagation();
      const input = this.node.querySelector('input');
      input?.focus();
      input?.select();
    } else if (event.key === 'Escape' && !event.defaultPrevented) {
      this.tab.escape();
    }
  }

  private _openMenu(x: number, y: number): void {
    this._menu?.dispose();
    this._menu = openLogMenu(
      this.tab,
      {
        selection: () => this._view.selection(),
        copy: selection => void this._copy(selection),
        download: () => this._download()
      },
      this._options.trans,
      x,
      y
    );
  }

  private _download(): void {
    const link = document.createElement('a');
    link.href = this._options.api.logTextUrl(this.name);
    link.download = '';
    document.body.append(link);
    link.click();
    link.remove();
  }

  private async _copy(selection: string): Promise<void> {
    const { trans, copy } = this._options;
    try {
      const { text, words } = selection
        ? { text: selection, words: trans.__('Copied.') }
        : await this._all();
      const copied = await copy(text);
      this.tab.notify(
        copied ? words : trans.__('The browser did not allow to copy.')
      );
    } catch (reason) {
      this.tab.notify(problemOf(reason, trans).message);
    }
  }

  /** All that is shown, and what is said when it was copied. */
  private async _all(): Promise<{ text: string; words: string }> {
    const { api, trans } = this._options;
    const { tab, name } = this;
    const { timestamps } = tab.options;
    const show = (text: string): string => plainText(text, timestamps);
    if (tab.filtered) {
      const hits = tab.model.search.finds?.hits ?? [];
      const text = hits.map(hit => show(hit.text) + '\n').join('');
      return { text, words: this._copiedWords(hits.length) };
    }
    const { text, lines, cut } = await lastLines(api, name, tab.range(), show);
    return {
      text,
      words: cut
        ? trans.__('Copied the last %1 lines (10 MB).', formatCount(lines))
        : this._copiedWords(lines)
    };
  }

  private _copiedWords(lines: number): string {
    return this._options.trans._n(
      'Copied %2 line.',
      'Copied %2 lines.',
      lines,
      formatCount(lines)
    );
  }
}
