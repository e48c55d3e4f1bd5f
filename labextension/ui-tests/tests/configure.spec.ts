// SPDX-License-Identifier: Apache-2.0
/** What a connection is made of: the form with bundles and options, and what a notebook keeps of it. */
import * as fs from 'node:fs';
import * as path from 'node:path';

import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { results } from '../support/lab';
import {
  keptConfiguration,
  Notebook,
  writeNotebook
} from '../support/notebook';
import { Panel } from '../support/panel';
import { setTheme } from '../support/theme';

const pictures = path.join(results, 'pictures');

test.use({
  labEnvironment: {
    FIRESTEEL_CATALOG: path.resolve(__dirname, '../support/catalog.yaml')
  }
});
test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => lab.forgetConnections());
test.beforeAll(() => fs.mkdirSync(pictures, { recursive: true }));

const HELLO = '%load_ext firesteel\nspark = get_spark_session()';
const conf = (name: string) => `print(spark.conf.get("${name}"))`;
/** Spark Connect tells no secret; the code that runs in the driver may know it. */
const driverProperty = (name: string) =>
  `print(spark.sql("SELECT reflect('java.lang.System', 'getProperty', '${name}')").head()[0])`;
const SECRET = 'spark.test.password';

test('bundle, documented option and merged view, narrow and in both themes', async ({
  page,
  panel
}) => {
  await panel.narrow(240);
  const form = await panel.openForm();
  await form.getByLabel('Name', { exact: true }).fill('analysis');
  await expect(form.getByLabel('Only elsewhere')).toHaveCount(0);
  await form.getByLabel('Small results').check();
  await panel.unfold(form, 'Spark options');
  await form.getByRole('button', { name: 'Add option' }).click();
  await page.keyboard.type('shuffle partitions');
  const wanted = form
    .getByRole('listbox')
    .getByRole('option', { name: 'spark.sql.shuffle.partitions' });
  await expect(wanted.first()).toBeVisible();
  await expect(wanted.first()).toContainText('default');
  await page.screenshot({ path: path.join(pictures, 'options.png') });
  await expectAccessible(panel.page, '#firesteel-panel');
  await wanted.first().click();
  const value = form.getByLabel('Value of option 1');
  await expect(value).toBeFocused();
  await page.keyboard.type('many');
  await expect(form.getByLabel('Name of option 1')).toHaveAccessibleDescription(
    /many|number/
  );
  await value.fill('5');
  await form.getByRole('button', { name: 'Add option' }).click();
  await form.getByLabel('Name of option 2').fill(SECRET);
  await form.getByLabel('Value of option 2').fill('hunter2');
  await expect(form.getByLabel('Value of option 2')).toHaveAttribute(
    'type',
    'password'
  );
  await panel.unfold(form, 'What Spark will get');
  await expect(
    form.locator(`[data-firesteel-option="${SECRET}"]`)
  ).toContainText('*****');
  await expect(
    form.locator(
      '[data-firesteel-option="spark.sql.shuffle.partitions"] .firesteel-Sources li'
    )
  ).toHaveText([
    'from this form',
    'instead of “3” from bundle “Small results”',
    'instead of “7” from cluster “Local”'
  ]);
  for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
    await setTheme(page, theme);
    await expectAccessible(panel.page, '#firesteel-panel');
  }
  await page.screenshot({ path: path.join(pictures, 'merged.png') });
  await panel.root.screenshot({ path: path.join(pictures, 'form-panel.png') });
  expect(await panel.overflowing()).toEqual([]);
  await form.getByRole('button', { name: 'Start' }).click();
  await panel.expectState('analysis', 'ready');
});

test('what was chosen is what Spark has', async ({ page, lab }) => {
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'n.ipynb')
  );
  await notebook.run(HELLO);
  expect(await notebook.run(conf('spark.sql.shuffle.partitions'))).toContain(
    '5'
  );
  expect(
    await notebook.run(conf('spark.sql.autoBroadcastJoinThreshold'))
  ).toContain('1m');
  expect(await notebook.run(conf('spark.sql.session.timeZone'))).toContain(
    'UTC'
  );
});

test('a spark-defaults.conf comes in, what is refused is said, and goes out', async ({
  page,
  panel
}) => {
  const form = await panel.openForm();
  const chooser = page.waitForEvent('filechooser');
  await panel.chooseInForm('Import spark-defaults.conf…');
  const text = '# mine\nspark.sql.ansi.enabled  false\nspark.ui.port 4040\n';
  await (
    await chooser
  ).setFiles({
    name: 'spark-defaults.conf',
    mimeType: 'text/plain',
    buffer: Buffer.from(text)
  });
  await expect(form).toContainText('1 option came in');
  await expect(form).toContainText('spark.ui.port');
  await expect(form.getByLabel('Name of option 1')).toHaveValue(
    'spark.sql.ansi.enabled'
  );
  const downloads = page.waitForEvent('download');
  await panel.chooseInForm('Export spark-defaults.conf');
  const exported = await (await downloads).path();
  expect(fs.readFileSync(exported, 'utf8')).toMatch(
    /spark\.sql\.ansi\.enabled[ \t=]+false/
  );
});

test('a preset is kept, fills another form, and is removed', async ({
  page,
  panel
}) => {
  const form = await panel.openForm();
  await form.getByLabel('Small results').check();
  await panel.chooseInForm('Save as Preset…');
  await page.locator('.jp-Dialog input').fill('mine ü');
  await page.locator('.jp-Dialog .jp-mod-accept').click();
  await expect(form).toContainText('Saved as preset “mine ü”.');
  await page.reload();
  await panel.show();
  await panel.openForm();
  await expect(form.getByLabel('Small results')).not.toBeChecked();
  await form.getByLabel('Fill in a preset').selectOption('mine ü');
  await expect(form.getByLabel('Small results')).toBeChecked();
  await panel.chooseInForm('Remove Preset…');
  await page.locator('.jp-Dialog .jp-mod-accept').click();
  await expect(form.getByLabel('Fill in a preset')).toHaveCount(0);
});

test('a running connection is configured, asked about, and restarted', async ({
  page,
  lab
}) => {
  const notebook = await Notebook.open(page, lab, 'n.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  await notebook.run(HELLO);
  await expect(panel.summary('analysis')).toContainText('1 notebook');
  await panel.root
    .getByRole('button', { name: 'More actions for analysis' })
    .click();
  await page.getByRole('menuitem', { name: 'Configure…' }).click();
  const restart = panel.form.getByRole('button', {
    name: 'Restart with these'
  });
  await expect(restart).toHaveAttribute('aria-disabled', 'true');
  const secret = panel.form.getByLabel('Value of option 2');
  await expect(secret).toHaveValue('');
  await expect(secret).toHaveAttribute('placeholder', 'kept as it is');
  await expect(secret).toHaveAccessibleDescription(/A value is kept/);
  await expectAccessible(page, '#firesteel-panel');
  await panel.root.screenshot({ path: path.join(pictures, 'kept.png') });
  await panel.form.getByLabel('Value of option 1').fill('11');
  await expect(panel.form).toContainText('Needs a restart: 1 option.');
  await restart.click();
  await expect(page.locator('.jp-Dialog li')).toHaveText(['n.ipynb']);
  await page.locator('.jp-Dialog .jp-mod-accept').click();
  await expect(panel.form).toHaveCount(0, { timeout: 60_000 });
  await panel.expectState('analysis', 'ready');
  await notebook.run(HELLO);
  expect(await notebook.run(conf('spark.sql.shuffle.partitions'))).toContain(
    '11'
  );
  expect(await notebook.run(driverProperty(SECRET))).toContain('hunter2');
});

test('a notebook keeps the configuration, also by the kernel’s wish', async ({
  page,
  lab
}) => {
  const notebook = await Notebook.open(page, lab, 'n.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  const part = panel.notebookPart;
  await part.getByRole('button', { name: 'Attach “analysis”' }).click();
  await expect(part).toContainText('“analysis” is what this notebook asks for');
  await expect(page.getByText(/without what looks secret/)).toContainText(
    SECRET
  );
  await notebook.save();
  expect(keptConfiguration(lab, 'n.ipynb')).toEqual({
    cluster_name: 'local',
    bundled_options: ['small'],
    list_of_options: [{ name: 'spark.sql.shuffle.partitions', value: '11' }],
    firesteel: { connection: 'analysis' }
  });
  await part.getByRole('button', { name: 'Detach' }).click();
  await expect(part).toContainText('Keeps no Spark configuration');
  await notebook.save();
  expect(keptConfiguration(lab, 'n.ipynb')).toBeUndefined();
  await notebook.run(HELLO);
  const cell = await notebook.enter('attach_config()');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
    /The configuration of “analysis” is attached to the notebook/
  );
  await expect(part).toContainText('“analysis” is what this notebook asks for');
  await expect(part).toContainText('is attached to the notebook');
});

test('a notebook that asks for something else says so, and shows it', async ({
  page,
  lab
}) => {
  writeNotebook(lab, 'asks.ipynb', {
    cluster_name: 'local',
    bundled_options: [],
    list_of_options: [{ name: 'spark.sql.shuffle.partitions', value: '13' }],
    theirs: { kept: true }
  });
  const notebook = await Notebook.open(page, lab, 'asks.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  const part = panel.notebookPart;
  await expect(part).toContainText('differs from “analysis”');
  await part.getByRole('button', { name: 'Difference' }).click();
  await expect(page.locator('.jp-Dialog tbody tr')).toHaveText([
    /small.*not set.*chosen/,
    /spark\.sql\.shuffle\.partitions.*13.*11/
  ]);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await part.getByRole('button', { name: 'Overwrite' }).click();
  await expect(part).toContainText('“analysis” is what this notebook asks for');
  await notebook.save();
  expect(keptConfiguration(lab, 'asks.ipynb')).toMatchObject({
    bundled_options: ['small'],
    theirs: { kept: true }
  });
});

test('one click starts what a notebook asks for', async ({ page, lab }) => {
  lab.forgetConnections();
  const name = writeNotebook(lab, 'starts.ipynb', {
    cluster_name: 'local',
    bundled_options: ['small'],
    list_of_options: [{ name: 'spark.sql.shuffle.partitions', value: '13' }],
    firesteel: { connection: 'asked' }
  });
  const notebook = await Notebook.open(page, lab, name);
  const panel = new Panel(page, lab);
  await panel.show();
  const part = panel.notebookPart;
  await expect(part).toContainText(
    'This notebook asks for: local · 1 bundle · 1 option'
  );
  await expectAccessible(panel.page, '#firesteel-panel');
  await page.screenshot({ path: path.join(pictures, 'asks.png') });
  expect(lab.connections()).toEqual([]);
  await part.getByRole('button', { name: 'Start it', exact: true }).click();
  await panel.expectState('asked', 'ready');
  await notebook.run(HELLO);
  expect(await notebook.run(conf('spark.sql.shuffle.partitions'))).toContain(
    '13'
  );
  await expect(part).toContainText('“asked” is what this notebook asks for');
});

test('hostile metadata starts nothing, and is shown as words', async ({
  page,
  lab
}) => {
  lab.forgetConnections();
  const name = writeNotebook(
    lab,
    'hostile.ipynb',
    JSON.parse(`{
      "__proto__": { "polluted": true },
      "cluster_name": "local",
      "list_of_options": [
        { "name": "spark.driver.extraJavaOptions", "value": "-javaagent:/tmp/evil.jar" },
        { "name": "<img/src=x/onerror=alert(1)>", "value": "<script>alert(1)</script>" },
        { "name": "__proto__", "value": "x" },
        { "name": "a\\u0000b", "value": "x" }
      ],
      "firesteel": { "connection": "evil", "start": true }
    }`)
  );
  const dialogs: string[] = [];
  page.on('dialog', dialog => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const started: string[] = [];
  page.on('request', request => {
    if (
      request.method() === 'POST' &&
      /firesteel\/api\/v1\/connections/.test(request.url())
    ) {
      started.push(request.url());
    }
  });
  await Notebook.open(page, lab, name);
  const panel = new Panel(page, lab);
  await panel.show();
  const part = panel.notebookPart;
  await expect(part).toContainText('Can run code as you when it starts');
  await expect(part.locator('img, script')).toHaveCount(0);
  await expect(
    part.getByRole('button', { name: 'Start it', exact: true })
  ).toHaveCount(0);
  await part.getByRole('button', { name: 'Start it…' }).click();
  await expect(panel.form).toContainText('Look before you start it.');
  await expect(panel.form.getByLabel('Name', { exact: true })).toHaveValue(
    'evil'
  );
  await page.screenshot({ path: path.join(pictures, 'hostile.png') });
  expect(started).toEqual([]);
  expect(dialogs).toEqual([]);
  expect(lab.connections()).toEqual([]);
});
