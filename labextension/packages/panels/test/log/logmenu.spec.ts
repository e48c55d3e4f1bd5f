// SPDX-License-Identifier: Apache-2.0
import { fireEvent } from '@testing-library/react';
import { infoLines } from './fakelog';
import { pass, logTab } from './opentab';

const tab = logTab();

describe('the menu', () => {
  /** Open it and choose the item by its place, with the keys. */
  async function choose(place: number): Promise<void> {
    fireEvent.click(tab.button('menu'));
    await pass();
    const menu = document.querySelector('.lm-Menu')!;
    for (let step = 0; step < place; step++) {
      fireEvent.keyDown(menu, { keyCode: 40 });
    }
    fireEvent.keyDown(menu, { keyCode: 13 });
    await pass();
  }

  test('offers what is done seldom', async () => {
    await tab.open(infoLines(3));
    fireEvent.click(tab.button('menu'));
    await pass();
    const labels = [...document.querySelectorAll('.lm-Menu-itemLabel')];
    expect(labels.map(item => item.textContent).filter(Boolean)).toEqual([
      'Copy All Shown (at Most 10 MB)',
      'Download',
      'Timestamps',
      'Wrap Long Lines'
    ]);
  });

  test('copies all lines, also those that were never looked at', async () => {
    const lines = infoLines(12_000);
    await tab.open(lines);
    tab.log.replyMost = 700;
    await choose(1);
    expect(tab.copy).toHaveBeenCalledWith(lines.join('\n') + '\n');
    expect(tab.news()).toBe('Copied 12,000 lines.');
  });

  test('of a huge log it copies the last ten megabytes', async () => {
    await tab.open(Array.from({ length: 30_000 }, () => 'x'.repeat(999)));
    await choose(1);
    expect(tab.copy.mock.calls[0][0]).toHaveLength(10_000_000);
    expect(tab.news()).toBe('Copied the last 10,000 lines (10 MB).');
  });

  test('copies what a filter shows', async () => {
    await tab.open(['INFO a', 'ERROR b'], { filter: 'errors' });
    await choose(1);
    expect(tab.copy).toHaveBeenCalledWith('ERROR b\n');
  });

  test('says so when the browser refuses', async () => {
    tab.copy.mockResolvedValue(false);
    await tab.open(['INFO a']);
    await choose(1);
    expect(tab.news()).toBe('The browser did not allow to copy.');
  });

  test('leaves the times out', async () => {
    await tab.open(['26/01/02 03:04:05 INFO a']);
    await choose(3);
    expect(tab.widget.options.timestamps).toBe(false);
  });
});
