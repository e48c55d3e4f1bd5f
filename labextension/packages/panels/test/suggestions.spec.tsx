// SPDX-License-Identifier: Apache-2.0
import type { Suggestion } from '@firesteel/client';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { connection } from '../../client/test/samples';
import { CommandIDs } from '../src/commands';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
});

function suggestion(changes: Partial<Suggestion> = {}): Suggestion {
  return {
    type: 'error',
    message: 'The **disk** is full.',
    line_number: 41,
    line: 'ERROR DiskBlockObjectWriter: No space left on device',
    count: 1,
    ...changes
  };
}

function showCard(...suggestions: Suggestion[]): HTMLElement {
  harness.know(connection({ name: 'a', state: 'ready', suggestions }));
  harness.show();
  return screen.getByRole('group', { name: 'a' });
}

test('without any there is nothing to be seen', () => {
  const card = showCard();
  expect(card.querySelector('.firesteel-Suggestions')).toBeNull();
});

test('the first is shown, the others on wish', async () => {
  const card = showCard(
    suggestion({ count: 3 }),
    suggestion({ type: 'warn', message: 'Second.', line_number: 50 }),
    suggestion({ type: 'info', message: 'Third.', line_number: 60 })
  );
  const list = within(card).getByRole('list', {
    name: 'What the log of a tells'
  });
  expect(within(list).getAllByRole('listitem')).toHaveLength(1);
  expect(list).toHaveTextContent('Error');
  expect(list).toHaveTextContent('3 lines');
  expect(list).toHaveTextContent('No space left on device');
  const more = within(card).getByRole('button', { name: '2 more' });
  expect(more).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(more);
  const items = within(list).getAllByRole('listitem');
  expect(items.map(item => item.querySelector('b')?.textContent)).toEqual([
    'Error',
    'Warning',
    'Note'
  ]);
  await userEvent.click(
    within(card).getByRole('button', { name: 'Only the first' })
  );
  expect(within(list).getAllByRole('listitem')).toHaveLength(1);
});

test('a button leads to its line in the log', async () => {
  const card = showCard(suggestion());
  await userEvent.click(
    within(card).getByRole('button', { name: 'Show line 42 in the log of a' })
  );
  expect(harness.executed).toEqual([
    [CommandIDs.showLog, { line: 41, name: 'a' }]
  ]);
});

test('Markdown is shown by who can; its end is told', () => {
  const end = jest.fn();
  const showMarkdown = jest.fn((_source: string, host: HTMLElement) => {
    host.append('rendered');
    return end;
  });
  Object.assign(harness, { showMarkdown });
  const card = showCard(suggestion());
  expect(showMarkdown).toHaveBeenCalledTimes(1);
  expect(showMarkdown.mock.calls[0][0]).toBe('The **disk** is full.');
  expect(card).toHaveTextContent('rendered');
  harness.know();
  expect(end).toHaveBeenCalledTimes(1);
});

test('without one who can, it is text', () => {
  const card = showCard(
    suggestion({
      message: '<img src=x onerror=alert(1)>',
      line: '<script>alert(2)</script>'
    })
  );
  expect(card.querySelector('img, script')).toBeNull();
  expect(card).toHaveTextContent('<img src=x onerror=alert(1)>');
  expect(card).toHaveTextContent('<script>alert(2)</script>');
});
