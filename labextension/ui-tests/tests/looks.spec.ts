// SPDX-License-Identifier: Apache-2.0
/** How it looks in both themes and a narrow sidebar, and whether everybody can use it. */
import * as fs from 'node:fs';
import * as path from 'node:path';

import type { Page } from '@playwright/test';

import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { results } from '../support/lab';
import { Notebook, writeNotebook } from '../support/notebook';
import { Panel } from '../support/panel';
import { setTheme } from '../support/theme';

const pictures = path.join(results, 'pictures');

test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => lab.forgetConnections());
test.beforeAll(() => fs.mkdirSync(pictures, { recursive: true }));

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

test('the panel with a notebook, in both themes and narrow', async ({
  page,
  lab
}) => {
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'analysis.ipynb')
  );
  const panel = new Panel(page, lab);
  await panel.show();
  await picture(page, 'empty');
  await expectAccessible(panel.page, '#firesteel-panel');

  await panel.root.getByRole('button', { name: 'New connection' }).click();
  await picture(page, 'form');
  await expectAccessible(panel.page, '#firesteel-panel');
  await panel.root.getByRole('button', { name: 'Cancel', exact: true }).click();

  await panel.startByForm({ name: 'analysis' });
  await expect(
    panel
      .card('analysis')
      .locator('[data-phase="creating_driver"][data-phase-state="going"]')
  ).toBeVisible({ timeout: 30_000 });
  await picture(page, 'starting');
  await expectAccessible(panel.page, '#firesteel-panel');
  await panel.expectState('analysis', 'ready');
  await panel
    .card('analysis')
    .getByRole('button', { name: 'Insert code' })
    .click();
  await notebook.cell(0).locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  await notebook.run(
    'events = spark.range(6_000_000).selectExpr("id % 5 AS layer", "rand(1) * 100 AS energy_kev")\n' +
      'events.groupBy("layer").avg("energy_kev").orderBy("layer").toPandas()'
  );
  await panel.unfoldActivity('analysis');
  await expect(panel.session('analysis', 'analysis.ipynb')).toBeVisible();

  await panel.startByForm({ name: 'test', javaHome: '/nonexistent/java' });
  await panel.expectState('test', 'failed', 15_000);
  await picture(page, 'light');
  await expectAccessible(panel.page, '#firesteel-panel');
  await setTheme(page, 'JupyterLab Dark');
  await picture(page, 'dark');
  await expectAccessible(panel.page, '#firesteel-panel');
  await setTheme(page, 'JupyterLab Light');

  const edge = page
    .locator('#jp-main-split-panel > .lm-SplitPanel-handle')
    .first();
  const box = await edge.boundingBox();
  const left = await panel.root.boundingBox();
  expect(box && left).toBeTruthy();
  if (box && left) {
    await page.mouse.move(box.x + box.width / 2, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(left.x + 240, box.y + 200, { steps: 5 });
    await page.mouse.up();
  }
  await picture(page, 'narrow');
  expect(await panel.overflowing()).toEqual([]);
});

test('the keyboard alone is enough', async ({ page, lab }) => {
  // With a notebook open no launcher comes late and takes the focus.
  await Notebook.open(page, lab, writeNotebook(lab, 'keys.ipynb'));
  const panel = new Panel(page, lab);
  await panel.show();
  await panel.root.getByRole('button', { name: 'New connection' }).focus();
  await page.keyboard.press('Enter');
  await expect(panel.root.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('not a name');
  await expect(panel.root.getByRole('alert').first()).toBeVisible();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('by-keys');
  await page.keyboard.press('Enter');
  await panel.expectState('by-keys', 'starting', 5000);
  await panel
    .card('by-keys')
    .getByRole('button', { name: 'Cancel', exact: true })
    .focus();
  await page.keyboard.press('Enter');
  await panel.expectState('by-keys', 'stopped');
});

test('the command palette knows Firesteel', async ({ page, lab }) => {
  await Notebook.open(page, lab, 'keys.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  await page.keyboard.press('Control+Shift+C');
  await page.locator('.lm-CommandPalette-input').fill('firesteel');
  await expect(
    page.locator('.lm-CommandPalette-item[data-command^="firesteel:"]').first()
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel.root).toBeVisible();
});
