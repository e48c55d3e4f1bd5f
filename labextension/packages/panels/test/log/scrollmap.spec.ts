// SPDX-License-Identifier: Apache-2.0
import { HEIGHT_MOST, ScrollMap } from '../../src/log/scrollmap';

const ROW = 18;
const VIEW = 600;

test('while it fits, a pixel is a pixel', () => {
  const map = new ScrollMap(10_000, ROW, VIEW, false);
  expect(map.exact).toBe(true);
  expect(map.height).toBe(180_000);
  expect(map.anchorAt(1_805).row).toBe(100);
  expect(map.anchorAt(1_805).offset).toBeCloseTo(5);
  expect(map.scrollTopOf({ row: 100, offset: 5 })).toBe(1_805);
});

test('ten million lines fit into what browsers can show', () => {
  const rows = 10_000_000;
  const map = new ScrollMap(rows, ROW, VIEW, false);
  expect(map.exact).toBe(false);
  expect(map.height).toBe(HEIGHT_MOST);
  expect(map.anchorAt(0)).toEqual({ row: 0, offset: 0 });
  const last = map.anchorAt(map.farthest);
  expect(last.row + VIEW / ROW).toBeGreaterThan(rows - 1);
  expect(last.row + last.offset / ROW + VIEW / ROW).toBeCloseTo(rows, 3);
});

test.each([1, 20, 34, 100_000, 10_000_000, 4_000_000_000])(
  'of %d rows each place leads to one and back',
  rows => {
    for (const uneven of [false, true]) {
      const map = new ScrollMap(rows, ROW, VIEW, uneven);
      for (const part of [0, 0.1, 0.5, 0.999, 1]) {
        const place = part * map.farthest;
        const anchor = map.anchorAt(place);
        expect(anchor.row).toBeGreaterThanOrEqual(0);
        expect(anchor.row).toBeLessThan(Math.max(1, rows));
        if (map.height > VIEW && rows > 1) {
          expect(Math.abs(map.scrollTopOf(anchor) - place)).toBeLessThan(1);
        }
      }
    }
  }
);

test('a log without lines has a place, too', () => {
  const map = new ScrollMap(0, ROW, VIEW, false);
  expect(map.anchorAt(0)).toEqual({ row: 0, offset: 0 });
  expect(map.scrollTopOf({ row: 0, offset: 0 })).toBe(0);
});
