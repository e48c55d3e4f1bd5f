// SPDX-License-Identifier: Apache-2.0
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { act } from '@testing-library/react';
import { DEFAULT_LOG_OPTIONS, type ILogOptions } from '../../src/log/options';
import { LogWidget } from '../../src/log/widget';
import { FakeLog } from './fakelog';

/** How high (pixels) what scrolls is. */
export const VIEW = 600;

/** Let so many milliseconds go by, frames and effects included. */
export async function pass(ms = 300): Promise<void> {
  await act(() => jest.advanceTimersByTimeAsync(ms));
}

/** A tab of a log in the page, under a clock of its own: `open` makes it, in a test of a file that calls `logTab`. */
export class LogTab {
  log!: FakeLog;
  widget!: LogWidget;
  readonly copy = jest.fn<Promise<boolean>, [string]>();
  readonly onOptions = jest.fn();

  async open(
    lines: readonly string[] | FakeLog,
    options: Partial<ILogOptions> = {}
  ): Promise<void> {
    const log = lines instanceof FakeLog ? lines : new FakeLog(lines);
    this.log = log;
    this.widget = new LogWidget({
      api: {
        logLines: log.logLines,
        searchLog: log.searchLog,
        logTextUrl: name => `/text/${name}`
      },
      name: 'a',
      options: { ...DEFAULT_LOG_OPTIONS, ...options },
      copy: this.copy,
      onOptions: this.onOptions,
      trans: nullTranslator.load('firesteel')
    });
    act(() => Widget.attach(this.widget, document.body));
    await pass();
  }

  button(name: string): HTMLElement {
    return this.widget.node.querySelector<HTMLElement>(
      `[data-firesteel-button="${name}"]`
    )!;
  }

  /** What is said beside the lines. */
  news(): string {
    return (
      this.widget.node.querySelector('[data-firesteel-news]')?.textContent ?? ''
    );
  }
}

/** One tab for each test of this file; it is gone after it. */
export function logTab(): LogTab {
  const tab = new LogTab();
  beforeEach(() => {
    jest.useFakeTimers();
    tab.copy.mockReset().mockResolvedValue(true);
    tab.onOptions.mockReset();
    jest
      .spyOn(HTMLElement.prototype, 'clientHeight', 'get')
      .mockReturnValue(VIEW);
  });
  afterEach(() => {
    act(() => tab.widget.dispose());
    jest.useRealTimers();
  });
  return tab;
}
