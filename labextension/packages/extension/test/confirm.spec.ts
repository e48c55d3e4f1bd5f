// SPDX-License-Identifier: Apache-2.0
import { nullTranslator } from '@jupyterlab/translation';
import { waitFor } from '@testing-library/dom';
import {
  confirmInterruptAll,
  confirmRelease,
  confirmRestart,
  confirmStop
} from '../src/confirm';

const trans = nullTranslator.load('firesteel');

/** The dialog that is open, when all of it is there. */
function dialog(): Promise<HTMLElement> {
  return waitFor(() => {
    const found = document.querySelector<HTMLElement>('.jp-Dialog');
    for (const part of ['header', 'body', 'footer']) {
      expect(found?.querySelector(`.jp-Dialog-${part}`)).toHaveTextContent(
        /\w/
      );
    }
    return found!;
  });
}

async function press(button: 'accept' | 'reject'): Promise<void> {
  (await dialog())
    .querySelector<HTMLButtonElement>(`button.jp-mod-${button}`)!
    .click();
}

test.each([
  ['Stop “a”?', confirmStop],
  ['Restart “a”?', confirmRestart],
  ['Interrupt all that runs on “a”?', confirmInterruptAll]
])('%s names who uses the connection', async (title, confirm) => {
  const answer = confirm('a', ['x.ipynb', '<b>.ipynb'], trans);
  const shown = await dialog();
  expect(shown).toHaveTextContent(title);
  const names = [...shown.querySelectorAll('li')].map(item => item.textContent);
  expect(names).toEqual(['x.ipynb', '<b>.ipynb']);
  await press('accept');
  expect(await answer).toBe(true);
});

test('of many users some are named', async () => {
  const users = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
  const answer = confirmStop('a', users, trans);
  const items = (await dialog()).querySelectorAll('li');
  expect(items).toHaveLength(11);
  expect(items[10]).toHaveTextContent('and 9,990 more');
  await press('reject');
  expect(await answer).toBe(false);
});

test('without known users there is no empty list', async () => {
  const answer = confirmStop('a', [], trans);
  expect((await dialog()).querySelector('ul')).toBeNull();
  await press('reject');
  await answer;
});

test.each([
  [0, false],
  [2, true]
])('a release says what ends with %d running', async (running, said) => {
  const answer = confirmRelease('x.ipynb', running, trans);
  const words = (await dialog()).textContent ?? '';
  expect(words).toContain('temporary views');
  expect(words.includes('interrupted')).toBe(said);
  await press('accept');
  expect(await answer).toBe(true);
});
