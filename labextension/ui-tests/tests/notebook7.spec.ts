// SPDX-License-Identifier: Apache-2.0
/** Jupyter Notebook 7: the panel beside one document, the log below it, and pages of their own. */
import * as path from 'node:path';

import { expect, test } from '../support/fixtures';
import { results } from '../support/lab';
import {
  keptConfiguration,
  Notebook,
  writeNotebook
} from '../support/notebook';
import { Panel } from '../support/panel';

test.beforeAll(({ lab }) => lab.forgetConnections());

const longQuery = `spark.range(1).selectExpr("java_method('java.lang.Thread', 'sleep', 300000L)").collect()`;

test('Notebook 7 has the panel, the form, the log and the Spark UI', async ({
  page,
  lab
}) => {
  const name = writeNotebook(lab, 'seven.ipynb');
  await page.goto(lab.url(`notebooks/${name}`));
  const notebook = new Notebook(page, lab, name);
  await notebook.ready();
  const panel = new Panel(page, lab);
  await page.getByRole('menuitem', { name: 'View', exact: true }).click();
  await page
    .locator('.lm-Menu-item[data-type="submenu"]', { hasText: 'Left Sidebar' })
    .hover();
  await page.locator('.lm-Menu-item', { hasText: 'Firesteel' }).click();
  await panel.ready({
    name: 'seven',
    options: { 'spark.sql.shuffle.partitions': '3' }
  });
  const card = panel.card('seven');
  await card.getByRole('button', { name: 'Insert code' }).click();
  await notebook.cell(0).locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  expect(await notebook.run('print(spark.range(8).count())')).toContain('8');

  // What the notebook keeps.
  await panel.notebookPart
    .getByRole('button', { name: 'Attach “seven”' })
    .click();
  await expect(panel.notebookPart).toContainText('is what this notebook asks');
  await notebook.save();
  expect(keptConfiguration(lab, name)).toMatchObject({
    list_of_options: [{ name: 'spark.sql.shuffle.partitions', value: '3' }]
  });

  // A query of it is seen, and ended.
  const cell = await notebook.enter(longQuery);
  await panel.unfoldActivity('seven');
  const running = panel.operations('seven', name, 'running');
  await running.getByRole('button', { name: /^Interrupt / }).click();
  expect(await notebook.outputOf(cell)).toContain('OPERATION_CANCELED');

  // The log is below the document, in front of what was there before.
  await page.getByRole('menuitem', { name: 'View', exact: true }).click();
  await page.locator('.lm-Menu-item', { hasText: 'Show Log Console' }).click();
  await expect(
    page.locator('#jp-down-stack .jp-LogConsolePanel')
  ).toBeAttached();
  await card.getByRole('button', { name: 'Log', exact: true }).click();
  await expect(
    page
      .locator('#jp-down-stack [data-firesteel-log="seven"] [data-line]')
      .last()
  ).toBeVisible();
  await page.screenshot({ path: path.join(results, 'pictures/notebook7.png') });

  // The Spark UI has a tab of the browser.
  const opened = page.waitForEvent('popup');
  await card.getByRole('button', { name: 'Spark UI', exact: true }).click();
  const ui = await opened;
  await expect(ui.getByRole('heading', { name: 'Spark Jobs' })).toBeVisible({
    timeout: 60_000
  });
  await ui.close();
  await panel.press('seven', 'Stop');
  await panel.expectState('seven', 'stopped');
});
