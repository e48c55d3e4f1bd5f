// SPDX-License-Identifier: Apache-2.0
/** From the first click to the last, as a person goes: one Spark, two notebooks, two tabs. */
import * as fs from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '../support/fixtures';
import { Notebook, writeNotebook } from '../support/notebook';
import { Panel } from '../support/panel';
import { record } from '../support/timings';
import { waitFor } from '../support/waiting';

const example = path.resolve(__dirname, '../../../examples/first-steps.ipynb');

test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => lab.forgetConnections());

test('a connection made by the form gives a notebook its first result', async ({
  page,
  lab
}, info) => {
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'first.ipynb')
  );
  const panel = new Panel(page, lab);
  await panel.show();
  const seenPhases = await panel.watchPhases();

  const clicked = await panel.startByForm({ name: 'analysis' });
  await expect(
    panel.card('analysis').getByRole('button', { name: 'Cancel', exact: true })
  ).toBeVisible();
  await panel.expectState('analysis', 'ready');
  record(info, 'click to ready', performance.now() - clicked);

  await panel
    .card('analysis')
    .getByRole('button', { name: 'Insert code' })
    .click();
  const cell = notebook.cell(0);
  await expect(cell.locator('.cm-content')).toHaveText(
    /%load_ext firesteel\s*spark = get_spark_session\(\)/
  );
  await cell.locator('.cm-content').click();
  await page.keyboard.press('Shift+Enter');
  const output = await notebook.run('spark.range(1000).count()');
  record(info, 'click to first result', performance.now() - clicked);
  expect(output.trim()).toBe('1000');

  const seen = await seenPhases();
  for (const phase of ['preparing', 'starting_jvm', 'creating_driver']) {
    expect(seen.some(each => each.startsWith(`${phase}:`))).toBe(true);
  }
  expect(seen).toContain('creating_driver:going');
  expect(seen).toContain('starting_jvm:done');

  const application = await notebook.run(
    'print(spark.conf.get("spark.app.id"))'
  );
  await expect(panel.field('analysis', 'application_id')).toHaveText(
    application.trim()
  );
  await expect(panel.field('analysis', 'endpoint')).toHaveText(
    /^127\.0\.0\.1:\d+$/
  );
  await expect(panel.card('analysis')).toContainText(/Local · Spark \d+\.\d+/);
  await notebook.run('spark.range(3).createOrReplaceTempView("mine")');
});

test('a second notebook shares Spark and has a session of its own', async ({
  page,
  lab
}, info) => {
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'second.ipynb')
  );
  await notebook.run('%load_ext firesteel');
  const asked = performance.now();
  const answer = await notebook.run(
    'spark = get_spark_session(); print(spark.conf.get("spark.app.id"), spark.range(10).count())'
  );
  record(info, 'second notebook: asked to result', performance.now() - asked);
  const { application_id: shown } = lab.connection('analysis');
  expect(answer.trim()).toBe(`${shown} 10`);
  expect(
    await notebook.run('print(spark.catalog.tableExists("mine"))')
  ).toContain('False');
  await notebook.run('spark.range(5).createOrReplaceTempView("mine")');
  expect(await notebook.run('print(spark.table("mine").count())')).toContain(
    '5'
  );
});

test('the example makes its data set and queries it', async ({
  page,
  lab
}, info) => {
  test.setTimeout(240_000);
  fs.copyFileSync(example, path.join(lab.folder, 'first-steps.ipynb'));
  const notebook = await Notebook.open(page, lab, 'first-steps.ipynb');
  const began = performance.now();
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page
    .getByRole('menuitem', { name: 'Run All Cells', exact: true })
    .click();
  const cells = notebook.root.locator('.jp-CodeCell');
  await expect(cells.last().locator('.jp-InputPrompt')).toHaveText(/\[\d+\]/, {
    timeout: 180_000
  });
  record(info, 'example, with making its data set', performance.now() - began);
  await expect(cells.nth(1).locator('.jp-OutputArea-output')).toHaveText(
    /events\.parquet: 1\d\d MB/
  );
  await expect(
    cells.nth(2).locator('.jp-RenderedHTMLCommon tbody tr')
  ).toHaveCount(10);
  await expect(cells.nth(3).locator('.jp-RenderedHTMLCommon')).toContainText(
    'medium'
  );

  const query =
    'print(spark.read.parquet(path.as_uri()).where("energy_kev > 100").count())';
  const asked = performance.now();
  const count = Number(await notebook.run(query));
  record(info, 'query on the 114 MB data set', performance.now() - asked);
  expect(count).toBeGreaterThan(700_000);
  expect(count).toBeLessThan(900_000);
});

test('two tabs agree within a second, and a reload shows the truth', async ({
  page,
  panel,
  lab,
  context
}, info) => {
  const otherPage = await context.newPage();
  const other = new Panel(otherPage, lab);
  await other.open();
  await other.expectState('analysis', 'ready');

  await page.bringToFront();
  const seenHere = await panel.watchStates('analysis');
  const seenThere = await other.watchStates('analysis');
  await panel.press('analysis', 'Stop');
  await panel.expectState('analysis', 'stopped');
  await other.expectState('analysis', 'stopped', 1000);
  const here = await seenHere();
  const there = await seenThere();
  const states = ['ready', 'stopping', 'stopped'];
  expect(here.map(seen => seen.state)).toEqual(states);
  expect(there.map(seen => seen.state)).toEqual(states);
  const later = Math.max(
    ...[1, 2].map(index => Math.abs(here[index].at - there[index].at))
  );
  record(info, 'between the two tabs', later);
  expect(later).toBeLessThan(1000);

  await page.reload();
  await panel.show();
  await panel.expectState('analysis', 'stopped', 5000);
  await otherPage.close();
});

test('stop has left no process of Spark', async ({ panel, lab }) => {
  await panel.expectState('analysis', 'stopped');
  expect(lab.sparkProcesses()).toEqual([]);
});

test('a stopped connection starts again, and a notebook gets a living session', async ({
  page,
  lab
}) => {
  const notebook = await Notebook.open(page, lab, 'first.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  await panel.press('analysis', 'Start');
  await panel.expectState('analysis', 'ready');
  const answer = await notebook.run(
    'spark = get_spark_session(); print(spark.range(7).count())'
  );
  expect(answer).toContain('7');
  const { pid } = lab.connection('analysis');
  await panel.press('analysis', 'Stop');
  await panel.expectState('analysis', 'stopped');
  await waitFor(
    async () => !fs.existsSync(`/proc/${pid}`),
    1000,
    'the server is gone'
  );
  expect(lab.sparkProcesses()).toEqual([]);
});
