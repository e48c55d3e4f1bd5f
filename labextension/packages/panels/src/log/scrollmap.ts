// SPDX-License-Identifier: Apache-2.0

/** How high (pixels) an element may be; browsers give up at some 16 million and more. */
export const HEIGHT_MOST = 8_000_000;

/** Where a view stands: the row at its top, and how many pixels of that are above. */
export interface IAnchor {
  readonly row: number;
  readonly offset: number;
}

/**
 * Between rows and the places of a scroll bar. As long as every row has the same
 * height and all of them together are not too high, it is exact: a pixel is a pixel.
 * Else the bar tells the part of the rows that is above.
 *
 * Rows count from 0 on, heights are in pixels.
 */
export class ScrollMap {
  readonly exact: boolean;
  /** Of the element that is scrolled. */
  readonly height: number;

  constructor(
    readonly rows: number,
    readonly rowHeight: number,
    readonly viewport: number,
    /** Whether rows may be higher than that. */
    readonly uneven: boolean
  ) {
    const height = rows * rowHeight;
    this.exact = !uneven && height <= HEIGHT_MOST;
    // Uneven rows may be higher than the view even if they would not be else.
    const least = uneven && rows > 1 ? 2 * viewport : 0;
    this.height = Math.max(least, Math.min(height, HEIGHT_MOST));
  }

  /** The farthest that can be scrolled. */
  get farthest(): number {
    return Math.max(0, this.height - this.viewport);
  }

  anchorAt(scrollTop: number): IAnchor {
    const row = this.exact
      ? scrollTop / this.rowHeight
      : (scrollTop / Math.max(1, this.farthest)) * this._lastTop;
    return this._split(Math.min(Math.max(0, row), this._lastTop));
  }

  scrollTopOf({ row, offset }: IAnchor): number {
    const rows = row + offset / this.rowHeight;
    const place = this.exact
      ? rows * this.rowHeight
      : (rows / (this._lastTop || 1)) * this.farthest;
    return Math.min(Math.max(0, place), this.farthest);
  }

  /** Which row is at the top when the last one is at the bottom; of uneven rows nobody knows. */
  private get _lastTop(): number {
    const seen = this.uneven ? 1 : this.viewport / this.rowHeight;
    return Math.max(0, this.rows - seen);
  }

  private _split(rows: number): IAnchor {
    const row = Math.floor(rows + 1e-6);
    return { row, offset: Math.max(0, rows - row) * this.rowHeight };
  }
}
