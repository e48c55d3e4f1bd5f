// SPDX-License-Identifier: Apache-2.0
import { ScrollMap, type IAnchor } from './scrollmap';

/** Rows above and below what can be seen, so that scrolling shows no gaps. */
const MORE = 20;
/** Until the rows can be measured. */
const HEIGHT = 18;

/** What a list shows. */
export interface IRowSource {
  /** The rows that there are: from the first on, up to the one before `end`. */
  range(): { readonly first: number; readonly end: number };
  /** The row's element: `before` if that still looks right, else a new one. */
  element(row: number, before: HTMLElement | undefined): HTMLElement;
  /** Called when these rows are in the list's view or near to it. */
  looked(first: number, end: number): void;
  /** Called when the user has scrolled: whether the end can be seen now. */
  scrolled(atEnd: boolean): void;
}

/**
 * A list that has elements only for the rows around those that can be seen,
 * however many there are. `node` scrolls and takes the keys for it.
 */
export class VirtualList {
  readonly node = document.createElement('div');
  private readonly _space = document.createElement('div');
  private readonly _rows = document.createElement('div');
  private readonly _elements = new Map<number, HTMLElement>();
  private readonly _resized = new ResizeObserver(() => this._onResized());
  private _wrap = false;
  private _rowHeight = HEIGHT;
  private _viewport = 0;
  private _widest = 0;
  private _map = new ScrollMap(0, HEIGHT, 0, false);
  private _anchor: IAnchor = { row: 0, offset: 0 };
  /** Whether the last row is kept in view as rows come. */
  private _sticks = true;
  /** Where the bar was put last; elsewhere, the user has moved it. */
  private _place = 0;
  private _atEnd = true;
  private _frame = 0;

  constructor(private readonly _source: IRowSource) {
    const { node, _space: space, _rows: rows } = this;
    node.className = 'firesteel-LogScroll';
    node.tabIndex = 0;
    space.className = 'firesteel-LogSpace';
    rows.className = 'firesteel-LogRows';
    space.append(rows);
    node.append(space);
    node.addEventListener('scroll', () => this._onScroll(), { passive: true });
    node.addEventListener('wheel', event => this._onWheel(event), {
      passive: false
    });
    node.addEventListener('keydown', event => this._onKey(event));
    this._resized.observe(node);
  }

  get sticks(): boolean {
    return this._sticks;
  }

  /** The row at the top of the view. */
  get top(): number {
    return this._anchor.row;
  }

  /** How many rows have elements now. */
  get rendered(): number {
    return this._elements.size;
  }

  set wrap(wrap: boolean) {
    this._wrap = wrap;
    this.node.dataset.wrap = String(wrap);
    this._widest = 0;
    this.update();
  }

  dispose(): void {
    this._resized.disconnect();
    cancelAnimationFrame(this._frame);
  }

  /** Show what has changed; the rows that are seen stay where they are. */
  update(): void {
    this._frame ||= requestAnimationFrame(() => {
      this._frame = 0;
      this._layout();
    });
  }

  /** Go to the end and stay there, or stay where it is. */
  stick(sticks: boolean): void {
    this._sticks = sticks;
    this.update();
  }

  /** Bring the row into the middle of the view, unless it is well within. */
  show(row: number): void {
    const element = this._elements.get(row);
    if (element && this._isWithin(element)) {
      this._sticks = false;
      this.update();
      return;
    }
    // Rows that are wrapped may fill the view before it comes to this one.
    const above = this._wrap
      ? 3
      : Math.floor(this._viewport / this._rowHeight / 2);
    this._goTo({ row: row - above, offset: 0 });
    const made = this._elements.get(row);
    if (made && !this._isWithin(made)) {
      this._goTo({ row, offset: 0 });
    }
  }

  /** Show other rows than before: from their end or their beginning on. */
  reset(sticks: boolean): void {
    this._elements.clear();
    this._rows.replaceChildren();
    this._widest = 0;
    this._anchor = { row: this._source.range().first, offset: 0 };
    this._sticks = sticks;
    this._place = this.node.scrollTop;
    this._layout();
  }

  private _isWithin(element: HTMLElement): boolean {
    const box = element.getBoundingClientRect();
    const view = this.node.getBoundingClientRect();
    const rim = this._rowHeight;
    return box.top >= view.top + rim && box.bottom <= view.bottom - rim;
  }

  private _goTo(anchor: IAnchor): void {
    this._sticks = false;
    this._anchor = anchor;
    this._place = this.node.scrollTop;
    this._layout();
  }

  private _layout(): void {
    this._measure();
    if (this._viewport === 0) {
      return;
    }
    this._noteMoves();
    const { first, end } = this._source.range();
    this._map = new ScrollMap(
      end - first,
      this._rowHeight,
      this._viewport,
      this._wrap
    );
    this._space.style.height = `${this._map.height}px`;
    if (this._map.exact) {
      this._layoutExact(first, end);
    } else {
      this._layoutMapped(first, end);
    }
    this._widen();
  }

  /** The bar may have been moved without an event so far. */
  private _noteMoves(): void {
    const place = this.node.scrollTop;
    if (!this._sticks && Math.abs(place - this._place) > 1) {
      this._anchor = this._shift(this._map.anchorAt(place));
      this._place = place;
    }
  }

  private _shift({ row, offset }: IAnchor): IAnchor {
    return { row: row + this._source.range().first, offset };
  }

  private _layoutExact(first: number, end: number): void {
    const map = this._map;
    const { row, offset } = this._anchor;
    const place = this._sticks
      ? map.farthest
      : map.scrollTopOf({ row: row - first, offset });
    this._put(place);
    this._atEnd = place >= map.farthest - 1;
    this._anchor = this._shift(map.anchorAt(place));
    const seen = Math.ceil(this._viewport / this._rowHeight) + 1;
    const from = Math.max(first, this._anchor.row - MORE);
    this._render(from, Math.min(end, this._anchor.row + seen + MORE));
    this._rows.style.top = `${(from - first) * this._rowHeight}px`;
  }

  private _layoutMapped(first: number, end: number): void {
    const seen = Math.ceil(this._viewport / this._rowHeight) + 1;
    if (!this._sticks) {
      const row = Math.min(Math.max(first, this._anchor.row), end - 1);
      if (row !== this._anchor.row) {
        this._anchor = { row: Math.max(first, row), offset: 0 };
      }
      const { offset } = this._anchor;
      const from = Math.max(first, row - MORE);
      this._render(from, Math.min(end, row + seen + MORE));
      const above = this._heightBetween(from, row) + offset;
      const below = this._rows.offsetHeight - above;
      // The end is as far as it goes.
      if (row + seen + MORE < end || below > this._viewport + 0.5) {
        const place = this._map.scrollTopOf({ row: row - first, offset });
        this._put(place);
        this._rows.style.top = `${place - above}px`;
        this._atEnd = false;
        return;
      }
    }
    const from = Math.max(first, end - seen - MORE);
    this._render(from, end);
    const place = this._map.farthest;
    this._put(place);
    const height = this._rows.offsetHeight;
    const top = Math.max(0, height - this._viewport);
    this._rows.style.top = `${place - top}px`;
    this._anchor = this._anchorIn(from, end, top);
    this._atEnd = true;
  }

  /** The row that is so many pixels below the top of `from`. */
  private _anchorIn(from: number, end: number, pixels: number): IAnchor {
    let left = pixels;
    let row = from;
    while (row < end - 1) {
      const height = this._heightOf(row);
      if (left < height) {
        break;
      }
      left -= height;
      row++;
    }
    return { row, offset: Math.max(0, left) };
  }

  private _heightOf(row: number): number {
    return this._wrap
      ? this._elements.get(row)?.offsetHeight || this._rowHeight
      : this._rowHeight;
  }

  private _heightBetween(from: number, to: number): number {
    let height = 0;
    for (let row = from; row < to; row++) {
      height += this._heightOf(row);
    }
    return height;
  }

  private _put(place: number): void {
    if (Math.abs(this.node.scrollTop - place) > 0.5) {
      this.node.scrollTop = place;
    }
    this._place = this.node.scrollTop;
  }

  private _render(from: number, end: number): void {
    for (const [row, element] of this._elements) {
      if (row < from || row >= end) {
        element.remove();
        this._elements.delete(row);
      }
    }
    let behind: Element | null = this._rows.firstElementChild;
    for (let row = from; row < end; row++) {
      const before = this._elements.get(row);
      const element = this._source.element(row, before);
      if (element === before) {
        behind = element.nextElementSibling;
        continue;
      }
      this._elements.set(row, element);
      if (before) {
        before.replaceWith(element);
        behind = element.nextElementSibling;
      } else {
        this._rows.insertBefore(element, behind);
      }
    }
    this._source.looked(from, end);
  }

  /** The view gets no narrower while one scrolls: the bar below would jump. */
  private _widen(): void {
    const width = this._wrap ? 0 : this._rows.offsetWidth;
    if (width > this._widest || this._wrap) {
      this._widest = width;
      this._rows.style.minWidth = this._wrap ? '' : `max(100%, ${width}px)`;
    }
  }

  private _measure(): void {
    const style = getComputedStyle(this.node);
    const height = Math.round(parseFloat(style.lineHeight)) || HEIGHT;
    if (height !== this._rowHeight) {
      this._rowHeight = height;
    }
    this.node.style.setProperty('--firesteel-log-row', `${height}px`);
    this._viewport = this.node.clientHeight;
  }

  private _onResized(): void {
    // Rows that are wrapped keep their place by the row at the top.
    this._place = this.node.scrollTop;
    this.update();
  }

  private _onScroll(): void {
    const place = this.node.scrollTop;
    if (Math.abs(place - this._place) <= 1) {
      return;
    }
    this._place = place;
    this._anchor = this._shift(this._map.anchorAt(place));
    // At the bar's end the last row is seen, however high it is.
    this._sticks = place >= this._map.farthest - 1;
    this._tell();
  }

  private _tell(): void {
    this._layout();
    this._sticks = false;
    this._source.scrolled(this._atEnd);
  }

  /** Move by pixels, up if negative. */
  private _moveBy(pixels: number): void {
    if (this._map.exact) {
      this.node.scrollTop += pixels;
      return;
    }
    const { first, end } = this._source.range();
    let { row, offset } = this._anchor;
    offset += pixels;
    while (offset < 0 && row > first) {
      row--;
      offset += this._heightOf(row);
    }
    while (row < end - 1 && offset >= this._heightOf(row)) {
      offset -= this._heightOf(row);
      row++;
    }
    this._sticks = false;
    this._anchor = { row, offset: Math.max(0, offset) };
    this._place = this.node.scrollTop;
    this._tell();
  }

  private _onWheel(event: WheelEvent): void {
    if (this._map.exact || event.ctrlKey || event.deltaY === 0) {
      return;
    }
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? this._rowHeight
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? this._viewport
          : 1;
    this._moveBy(event.deltaY * unit);
  }

  private _onKey(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    const page = Math.max(this._rowHeight, this._viewport - this._rowHeight);
    const moves: Record<string, (() => void) | undefined> = {
      ArrowUp: () => this._moveBy(-this._rowHeight),
      ArrowDown: () => this._moveBy(this._rowHeight),
      PageUp: () => this._moveBy(-page),
      PageDown: () => this._moveBy(page),
      Home: () => {
        this._goTo({ row: this._source.range().first, offset: 0 });
        this._source.scrolled(this._atEnd);
      },
      End: () => {
        this._sticks = true;
        this._tell();
      }
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      event.stopPropagation();
      move();
    }
  }
}
