// SPDX-License-Identifier: Apache-2.0
/** The Spark UI of a connection in a tab, under both base URLs. */
import * as path from 'node:path';

import type { FrameLocator, Page } from '@playwright/test';

import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { results } from '../support/lab';
import { Notebook, writeNotebook } from '../support/notebook';
import { Panel } from '../support/panel';
import { setTheme } from '../support/theme';

test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => lab.forgetConnections());

const longQuery = `spark.range(1).selectExpr("java_method('java.lang.Thread', 'sleep', 300000L)").collect()`;

function pages(page: Page): FrameLocator {
  return page.frameLocator('[data-firesteel-spark-ui="main"] iframe');
}

/** What the page asked for since then that isn't below the connection's root, and what was refused. */
function watchRequests(page: Page, baseUrl: string): string[] {
  const wrong: string[] = [];
  page.on('response', reply => {
    const url = new URL(reply.url());
    const frame = reply.frame();
    if (frame === page.mainFrame() || !frame.url().includes('/firesteel/ui/')) {
      return;
    }
    if (
      !url.pathname.startsWith(`${baseUrl}firesteel/ui/main/`) ||
      reply.status() >= 400
    ) {
      wrong.push(`${reply.status()} ${reply.url()}`);
    }
  });
  return wrong;
}

test('every section of the UI works in a tab of Lab', async ({
  page,
  panel,
  baseUrl
}) => {
  await panel.ready({ name: 'main' });
  const wrong = watchRequests(page, baseUrl);
  await panel
    .card('main')
    .getByRole('button', { name: 'Spark UI', exact: true })
    .click();
  const ui = pages(page);
  await expect(ui.getByRole('heading', { name: 'Spark Jobs' })).toBeVisible({
    timeout: 60_000
  });
  for (const [link, heading] of [
    ['Stages', 'Stages for All Jobs'],
    ['Storage', 'Storage'],
    ['Environment', 'Environment'],
    ['Executors', 'Executors'],
    ['Connect', 'Spark Connect'],
    ['Jobs', 'Spark Jobs']
  ]) {
    await ui
      .getByRole('navigation')
      .getByRole('link', { name: link, exact: true })
      .click();
    await expect(
      ui.getByRole('heading', { name: heading }).first()
    ).toBeVisible({ timeout: 30_000 });
  }
  // This one is filled in by a script that asks the REST API.
  await ui
    .getByRole('navigation')
    .getByRole('link', { name: 'Executors', exact: true })
    .click();
  await expect(
    ui.locator('#active-executors-table').getByText('driver')
  ).toBeVisible({ timeout: 30_000 });
  await ui.getByRole('link', { name: 'Thread Dump' }).first().click();
  await expect(ui.getByRole('heading', { name: /Thread dump/ })).toBeVisible({
    timeout: 60_000
  });
  expect(wrong).toEqual([]);

  // The page is Spark's, and the buttons are Lab's, which has the same ones (with what axe says of them) everywhere.
  const others = ['iframe', 'jp-button'];
  await expectAccessible(page, '[data-firesteel-spark-ui="main"]', others);

  // The page follows Lab's theme.
  const dress = ui.locator('html');
  await expect(dress).toHaveAttribute('data-bs-theme', 'light');
  await setTheme(page, 'JupyterLab Dark');
  await expect(dress).toHaveAttribute('data-bs-theme', 'dark');
  await page.getByRole('button', { name: 'Back to the jobs' }).click();
  await expect(ui.getByRole('heading', { name: 'Spark Jobs' })).toBeVisible({
    timeout: 30_000
  });
  await expect(dress).toHaveAttribute('data-bs-theme', 'dark');
});

test('a job is killed by its link, and the page comes back after a reload', async ({
  page,
  lab
}) => {
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'kill.ipynb')
  );
  const panel = new Panel(page, lab);
  await panel.show();
  await notebook.run('%load_ext firesteel\nspark = get_spark_session()');
  const cell = await notebook.enter(longQuery);
  await panel
    .card('main')
    .getByRole('button', { name: 'Spark UI', exact: true })
    .click();
  const ui = pages(page);
  const kill = ui.getByRole('link', { name: '(kill)' });
  await expect(async () => {
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await expect(kill).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  await page.screenshot({ path: path.join(results, 'pictures/spark-ui.png') });
  page.on('dialog', dialog => void dialog.accept());
  await kill.click();
  await expect(ui.getByRole('heading', { name: 'Spark Jobs' })).toBeVisible();
  await page.locator('.lm-TabBar-tab', { hasText: 'kill.ipynb' }).click();
  expect(await notebook.outputOf(cell, 60_000)).toContain('cancelled');

  await page.locator('.lm-TabBar-tab', { hasText: 'Spark UI: main' }).click();
  const saved = page.waitForResponse(
    reply =>
      reply.url().includes('/api/workspaces/') &&
      (reply.request().postData() ?? '').includes('environment/')
  );
  await ui
    .getByRole('navigation')
    .getByRole('link', { name: 'Environment', exact: true })
    .click();
  await expect(ui.getByRole('heading', { name: 'Environment' })).toBeVisible({
    timeout: 30_000
  });
  await saved;
  await page.reload();
  await expect(ui.getByRole('heading', { name: 'Environment' })).toBeVisible({
    timeout: 60_000
  });
});

test('an open page goes through a restart and a stop', async ({
  page,
  panel
}) => {
  await panel
    .card('main')
    .getByRole('button', { name: 'Spark UI', exact: true })
    .click();
  const ui = pages(page);
  const application = panel.field('main', 'application_id');
  const before = await application.innerText();
  const status = page.locator('[data-firesteel-spark-ui="main"] [role=status]');
  await panel.press('main', 'Restart');
  await expect(status).toContainText('Spark starts', { timeout: 60_000 });
  await panel.expectState('main', 'ready');
  const now = await application.innerText();
  expect(now).not.toBe(before);
  await expect(status).toBeHidden();
  await ui
    .getByRole('navigation')
    .getByRole('link', { name: 'Environment', exact: true })
    .click();
  await ui.getByText('Spark Properties').click();
  await expect(ui.getByText(now, { exact: true })).toBeVisible({
    timeout: 60_000
  });
  await panel.press('main', 'Stop');
  await expect(status).toContainText('Spark has stopped', { timeout: 60_000 });
});

test('what an application has logged is there when it has ended', async ({
  page,
  panel,
  lab,
  baseUrl
}) => {
  const wrong = watchRequests(page, baseUrl);
  lab.cli('remove', 'main');
  await panel.ready({
    name: 'main',
    options: { 'spark.eventLog.enabled': 'true' }
  });
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'logged.ipynb')
  );
  await notebook.run('%load_ext firesteel\nspark = get_spark_session()');
  await notebook.run('spark.range(7).count()');
  await panel.show();
  await panel
    .card('main')
    .getByRole('button', { name: 'Spark UI', exact: true })
    .click();
  const ui = pages(page);
  await expect(ui.getByText('Completed Jobs').first()).toBeVisible({
    timeout: 60_000
  });
  await panel.press('main', 'Stop');
  await panel.expectState('main', 'stopped');
  await expect(
    page.locator('[data-firesteel-spark-ui="main"] [role=status]')
  ).toContainText('what the application has logged');
  // The page that was open leads on, to pages of what is left.
  await ui
    .getByRole('navigation')
    .getByRole('link', { name: 'Stages', exact: true })
    .click();
  await expect(ui.getByText('Completed Stages').first()).toBeVisible({
    timeout: 90_000
  });
  await ui
    .getByRole('navigation')
    .getByRole('link', { name: 'Executors', exact: true })
    .click();
  await expect(
    ui.locator('#active-executors-table').getByText('driver')
  ).toBeVisible({ timeout: 60_000 });
  expect(wrong).toEqual([]);
  await page.screenshot({ path: path.join(results, 'pictures/history.png') });

  // These pages have the colours of Lab's theme as well: each of them, and as soon as it changes.
  const dress = ui.locator('html');
  await setTheme(page, 'JupyterLab Dark');
  await expect(dress).toHaveAttribute('data-bs-theme', 'dark');
  await ui
    .getByRole('navigation')
    .getByRole('link', { name: 'Stages', exact: true })
    .click();
  await expect(ui.getByText('Completed Stages').first()).toBeVisible();
  await expect(dress).toHaveAttribute('data-bs-theme', 'dark');
  await page.getByRole('button', { name: 'Back to the jobs' }).click();
  await expect(ui.getByText('Completed Jobs').first()).toBeVisible();
  await expect(dress).toHaveAttribute('data-bs-theme', 'dark');
  await setTheme(page, 'JupyterLab Light');
  await expect(dress).toHaveAttribute('data-bs-theme', 'light');
});
