// SPDX-License-Identifier: Apache-2.0
import { UnreachableError } from '@firesteel/client';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { ILogChange, LogModel } from '../src/logmodel';
import { LogWidget } from '../src/logwidget';

const read = jest.fn<Promise<ILogChange>, []>();
let widget: LogWidget;

function change(
  added: string[],
  changes: Partial<ILogChange> = {}
): ILogChange {
  return { added, dropped: 0, restarted: false, ...changes };
}

function lines(): (string | null)[] {
  return [...widget.node.querySelectorAll('pre > div')].map(
    line => line.textContent
  );
}

/** Let the widget read once more, a second or more later. */
async function pass(milliseconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(async () => {
  jest.useFakeTimers();
  read.mockReset().mockResolvedValue(change([]));
  const model = { name: 'a', read } as unknown as LogModel;
  widget = new LogWidget(model, nullTranslator.load('firesteel'));
  read.mockResolvedValueOnce(change(['one', 'two']));
  Widget.attach(widget, document.body);
  await pass(0);
});

afterEach(() => {
  widget.dispose();
  jest.useRealTimers();
});

test('shows what is there, and what comes', async () => {
  expect(lines()).toEqual(['one', 'two']);
  read.mockResolvedValueOnce(change(['<b>three</b>']));
  await pass(1_100);
  expect(lines()).toEqual(['one', 'two', '<b>three</b>']);
});

test('drops what is too old', async () => {
  read.mockResolvedValueOnce(change(['three'], { dropped: 2 }));
  await pass(1_100);
  expect(lines()).toEqual(['three']);
});

test('begins anew with another server', async () => {
  read.mockResolvedValueOnce(change(['new'], { restarted: true }));
  await pass(1_100);
  expect(lines()).toEqual(['new']);
});

test('says why it could not read, until it can again', async () => {
  read.mockRejectedValueOnce(new UnreachableError('network', 'x'));
  await pass(1_100);
  const status = widget.node.querySelector('[role="status"]');
  expect(status?.textContent).toBe('The Jupyter server does not answer.');
  expect(lines()).toEqual(['one', 'two']);
  await pass(10_000);
  expect(status?.textContent).toBe('');
});

test('does not read while it is hidden', async () => {
  widget.hide();
  await pass(1_100);
  const before = read.mock.calls.length;
  await pass(20_000);
  expect(read).toHaveBeenCalledTimes(before);
  widget.show();
  await pass(1_100);
  expect(read.mock.calls.length).toBeGreaterThan(before);
});
