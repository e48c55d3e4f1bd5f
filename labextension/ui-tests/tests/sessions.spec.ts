// SPDX-License-Identifier: Apache-2.0
/** Who uses a connection, what runs there, and how other programs reach it. */
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { Notebook, writeNotebook } from '../support/notebook';
import { Panel } from '../support/panel';
import { record } from '../support/timings';

const longQuery = `spark.range(2, numPartitions=2).selectExpr("id", "java_method('java.lang.Thread', 'sleep', 300000L) AS s").collect()`;

test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => lab.forgetConnections());

test('a connection that nobody uses says so', async ({ panel }) => {
  await panel.ready({ name: 'shared' });
  await expect(panel.summary('shared')).toHaveText('Nobody uses it');
});

for (const [name, count] of [
  ['one.ipynb', '1 notebook'],
  ['two.ipynb', '2 notebooks']
]) {
  test(`${name} is listed when it uses the connection`, async ({
    page,
    lab
  }) => {
    const notebook = await Notebook.open(page, lab, writeNotebook(lab, name));
    const panel = new Panel(page, lab);
    await panel.show();
    await notebook.run('%load_ext firesteel\nspark = get_spark_session()');
    expect(await notebook.run('print(spark.range(3).count())')).toContain('3');
    await expect(panel.summary('shared')).toContainText(count);
    await panel.unfoldActivity('shared');
    await expect(panel.session('shared', name)).toContainText('idle for');
    await expect(
      panel.operations('shared', name, 'finished').first()
    ).toBeVisible();
  });
}

test('two notebooks are listed by their names, also after a reload', async ({
  page,
  panel
}) => {
  const names = panel
    .card('shared')
    .locator('[data-firesteel-session] .firesteel-Row-name');
  await expect(panel.summary('shared')).toContainText('2 notebooks');
  await expect(names).toHaveCount(0);
  const saved = page.waitForResponse(
    reply =>
      reply.url().includes('/api/workspaces/') &&
      (reply.request().postData() ?? '').includes('firesteel:unfolded')
  );
  await panel.unfoldActivity('shared');
  await expect(names).toHaveText(['one.ipynb', 'two.ipynb']);
  await saved;
  await page.reload();
  await panel.show();
  await expect(names).toHaveText(['one.ipynb', 'two.ipynb']);
  await expectAccessible(page, '#firesteel-panel');
});

test('a long query is listed with its notebook, and Interrupt ends it', async ({
  page,
  lab
}, info) => {
  const notebook = await Notebook.open(page, lab, 'one.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  await panel.unfoldActivity('shared');
  const cell = await notebook.enter(longQuery);
  const running = panel.operations('shared', 'one.ipynb', 'running');
  await expect(running).toBeVisible();
  await expect(panel.session('shared', 'one.ipynb')).toContainText('running');

  const clicked = performance.now();
  await running.getByRole('button', { name: /^Interrupt / }).click();
  expect(await notebook.outputOf(cell, 10_000)).toContain('OPERATION_CANCELED');
  record(info, 'Interrupt to the cell ending', performance.now() - clicked);
  await expect(
    panel.operations('shared', 'one.ipynb', 'interrupted').first()
  ).toBeVisible();
  await expect(running).toHaveCount(0);
  expect(await notebook.run('print(spark.range(4).count())')).toContain('4');
});

test('a plain PySpark takes the copied endpoint as it is', async ({
  page,
  panel,
  lab,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await panel
    .card('shared')
    .getByRole('button', { name: 'Copy endpoint' })
    .click();
  await expect(
    page.getByText('Whoever has this address can run code as you.')
  ).toBeVisible();
  const url = await page.evaluate(() => navigator.clipboard.readText());
  const shown = await panel.field('shared', 'endpoint').innerText();
  expect(url.startsWith(`sc://${shown.trim()}/;`)).toBe(true);
  const token = /authorization=Bearer%20([^;]+)/.exec(url)?.[1];
  expect(token).toBeTruthy();
  expect(await page.content()).not.toContain(token);
  const printed = lab.python(
    [
      'import sys',
      'from pyspark.sql import SparkSession',
      'spark = SparkSession.builder.remote(sys.stdin.read()).getOrCreate()',
      'print(spark.conf.get("spark.app.id"), spark.range(5).count())',
      'spark.stop()'
    ].join('\n'),
    url
  );
  expect(printed.trim()).toBe(`${lab.connection('shared').application_id} 5`);
});

test('Stop says which notebooks use the connection', async ({
  page,
  panel,
  lab
}) => {
  await panel
    .card('shared')
    .getByRole('button', { name: 'Stop', exact: true })
    .click();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.locator('li')).toHaveText(['one.ipynb', 'two.ipynb']);
  await dialog.locator('.jp-mod-accept').click();
  await panel.expectState('shared', 'stopped');
  expect(lab.sparkProcesses()).toEqual([]);
});
