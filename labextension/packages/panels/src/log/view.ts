// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { makeRow, sameRow, type IShownLine } from './linerow';
import type { LogTab } from './tab';
import { VirtualList } from './virtuallist';

/** The lines of a log, or those that were found, as far as they can be seen. */
export class LogView extends Widget {
  readonly list: VirtualList;
  private readonly _shown = new WeakMap<HTMLElement, { of?: IShownLine }>();
  private readonly _unsubscribe: () => void;
  private _filter: string;
  private _wrap?: boolean;
  private _following = true;

  constructor(
    private readonly _tab: LogTab,
    private readonly _trans: TranslationBundle,
    label: string
  ) {
    super();
    this.addClass('firesteel-LogView');
    this._filter = _tab.options.filter;
    this.list = new VirtualList({
      range: () => _tab.range(),
      element: (row, before) => this._element(row, before),
      looked: (first, end) => {
        if (_tab.filtered) {
          _tab.model.want(0, 0);
        } else {
          _tab.model.want(first, end);
        }
      },
      scrolled: atEnd => {
        if (!_tab.filtered) {
          _tab.follow(atEnd);
          this.list.stick(atEnd);
        }
      }
    });
    const { node } = this.list;
    node.setAttribute('role', 'log');
    // Every line aloud would drown the rest.
    node.setAttribute('aria-live', 'off');
    node.setAttribute('aria-label', label);
    node.addEventListener('click', event => this._onClick(event));
    this.node.append(node);
    _tab.reveal = row => this.list.show(row);
    this._unsubscribe = _tab.subscribe(() => this._update());
    this._update();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._unsubscribe();
      this.list.dispose();
      super.dispose();
    }
  }

  /** What is selected of the lines. */
  selection(): string {
    const selection = document.getSelection();
    const within =
      selection?.anchorNode && this.node.contains(selection.anchorNode);
    return within ? selection.toString() : '';
  }

  focus(): void {
    this.list.node.focus({ preventScroll: true });
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.list.update();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.list.update();
  }

  private _update(): void {
    const { options, following } = this._tab.getState();
    const { filter, wrap } = options;
    if (filter !== this._filter) {
      this._filter = filter;
      this._following = following;
      this.list.reset(following);
    }
    if (wrap !== this._wrap) {
      this._wrap = wrap;
      this.list.wrap = wrap;
    }
    if (following !== this._following) {
      this._following = following;
      this.list.stick(following);
    }
    this.list.update();
  }

  private _element(row: number, before: HTMLElement | undefined): HTMLElement {
    const of = this._tab.row(row);
    if (before && sameRow(this._shown.get(before)?.of, of)) {
      return before;
    }
    const element = makeRow(of, this._trans);
    this._shown.set(element, { of });
    return element;
  }

  /** A line that was found leads to its place in the log. */
  private _onClick(event: MouseEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>(
      '[data-line]'
    );
    if (row && this._tab.filtered && !this.selection()) {
      this._tab.goToLine(Number(row.dataset.line));
      this.focus();
    }
  }
}
