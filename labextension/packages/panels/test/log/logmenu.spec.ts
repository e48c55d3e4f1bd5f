// SPDX-License-Identifier: Apache-2.0
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { act, fireEvent } from '@testing-library/react';
import { DEFAULT_LOG_OPTIONS, type ILogOptions } from '../../src/log/options';
import { LogWidget } from '../../src/log/widget';
import { FakeLog, infoLines } from './fakelog';

const VIEW = 600;
const copy = jest.fn<Promise<boolean>, [string]>();
let log: FakeLog;
let widget: LogWidget;

/** Let so many milliseconds go by, frames and effects included. */
async function pass(ms = 300): Promise<void> {
  await act(() => jest.advanceTimersByTimeAsync(ms));
}

async function open(
  lines: readonly string[] | FakeLog,
  options: Partial<ILogOptions> = {}
): Promise<void> {
  log = lines instanceof FakeLog ? lines : new FakeLog(lines);
  widget = new LogWidget({
    api: {
      logLines: log.logLines,
      searchLog: log.searchLog,
      logTextUrl: name => `/text/${name}`
    },
    name: 'a',
    options: { ...DEFAULT_LOG_OPTIONS, ...options },
    copy,
    trans: nullTranslator.load('firesteel')
  });
  act(() => Widget.attach(widget, document.body));
  await pass();
}

function button(name: string): HTMLElement {
  return widget.node.querySelector<HTMLElement>(
    `[data-firesteel-button="${name}"]`
  )!;
}

function news(): string {
  return widget.node.querySelector('[data-firesteel-news]')?.textContent ?? '';
}

beforeEach(() => {
  jest.useFakeTimers();
  copy.mockReset().mockResolvedValue(true);
  jest
    .spyOn(HTMLElement.prototype, 'clientHeight', 'get')
    .mockReturnValue(VIEW);
});

afterEach(() => {
  act(() => widget.dispose());
  jest.useRealTimers();
});

describe('the menu', () => {
  /** Open it and choose the item by its place, with the keys. */
  async function choose(place: number): Promise<void> {
    fireEvent.click(button('menu'));
    await pass();
    const menu = document.querySelector('.lm-Menu')!;
    for (let step = 0; step < place; step++) {
      fireEvent.keyDown(menu, { keyCode: 40 });
    }
    fireEvent.keyDown(menu, { keyCode: 13 });
    await pass();
  }

  test('offers what is done seldom', async () => {
    await open(infoLines(3));
    fireEvent.click(button('menu'));
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
    await open(lines);
    log.replyMost = 700;
    await choose(1);
    expect(copy).toHaveBeenCalledWith(lines.join('\n') + '\n');
    expect(news()).toBe('Copied 12,000 lines.');
  });

  test('of a huge log it copies the last ten megabytes', async () => {
    await open(Array.from({ length: 30_000 }, () => 'x'.repeat(999)));
    await choose(1);
    expect(copy.mock.calls[0][0]).toHaveLength(10_000_000);
    expect(news()).toBe('Copied the last 10,000 lines (10 MB).');
  });

  test('copies what a filter shows', async () => {
    await open(['INFO a', 'ERROR b'], { filter: 'errors' });
    await choose(1);
    expect(copy).toHaveBeenCalledWith('ERROR b\n');
  });

  test('says so when the browser refuses', async () => {
    copy.mockResolvedValue(false);
    await open(['INFO a']);
    await choose(1);
    expect(news()).toBe('The browser did not allow to copy.');
  });

  test('leaves the times out', async () => {
    await open(['26/01/02 03:04:05 INFO a']);
    await choose(3);
    expect(widget.options.timestamps).toBe(false);
  });
});
