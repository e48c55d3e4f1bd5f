// SPDX-License-Identifier: Apache-2.0
import { nullTranslator } from '@jupyterlab/translation';
import { waitFor } from '@testing-library/dom';
import { showDifference } from '../src/difference';

const trans = nullTranslator.load('firesteel');

function dialog(): Promise<HTMLElement> {
  return waitFor(() => {
    const found = document.querySelector<HTMLElement>('.jp-Dialog');
    expect(found?.querySelector('.jp-Dialog-body')).toHaveTextContent(/\w/);
    expect(found?.querySelector('.jp-Dialog-footer')).toHaveTextContent(/\w/);
    return found!;
  });
}

async function press(label: string): Promise<void> {
  const buttons = (await dialog()).querySelectorAll('button');
  [...buttons].find(item => item.textContent === label)!.click();
}

test('a difference shows both values, and no secrets', async () => {
  const answer = showDifference(
    'analysis',
    [
      {
        kind: 'option',
        name: 'spark.a',
        notebook: '<b>1</b>',
        connection: '2',
        secret: false
      },
      {
        kind: 'option',
        name: 'spark.token',
        notebook: 'hunter2',
        secret: true
      },
      { kind: 'bundle', name: 'b', connection: 'b', secret: false }
    ],
    true,
    trans
  );
  const rows = [...(await dialog()).querySelectorAll('tbody tr')];
  expect(
    rows.map(row => [...row.children].map(cell => cell.textContent))
  ).toEqual([
    ['spark.a', '<b>1</b>', '2'],
    ['spark.token', '(secret)', 'not set'],
    ['bundle “b”', 'not set', 'chosen']
  ]);
  expect(rows.map(row => row.getAttribute('data-change'))).toEqual([
    'changed',
    'removed',
    'added'
  ]);
  await press('Overwrite the notebook’s');
  expect(await answer).toBe(true);
});
