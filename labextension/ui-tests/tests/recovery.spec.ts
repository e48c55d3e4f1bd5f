// SPDX-License-Identifier: Apache-2.0
/** Something dies, and the rest goes on. */
import { expect, test } from '../support/fixtures';
import { Notebook, writeNotebook } from '../support/notebook';
import { Panel } from '../support/panel';
import { record } from '../support/timings';

const slowQuery = (seconds: number) =>
  `print(spark.range(2, numPartitions=2).selectExpr("java_method('java.lang.Thread', 'sleep', ${seconds * 1000}L)").count(), ` +
  `spark.range(2, numPartitions=2).selectExpr("id", "java_method('java.lang.Thread', 'sleep', ${seconds * 1000}L) AS s").collect()[1].id)`;

test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => lab.forgetConnections());

test('the daemon is killed while a query runs: it comes back, and the query ends well', async ({
  page,
  lab
}, info) => {
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'kill.ipynb')
  );
  const panel = new Panel(page, lab);
  await panel.show();
  await panel.ready({ name: 'sturdy' });
  const before = lab.connection('sturdy');
  await notebook.run('%load_ext firesteel\nspark = get_spark_session()');
  const query = await notebook.enter(slowQuery(10));
  await expect(query.locator('.jp-InputPrompt')).toHaveText('[*]:');

  const daemon = lab.daemonPid();
  process.kill(daemon, 'SIGKILL');
  const killed = performance.now();
  await expect
    .poll(
      () => {
        try {
          return lab.daemonPid() !== daemon;
        } catch {
          return false;
        }
      },
      { timeout: 20_000 }
    )
    .toBe(true);
  record(
    info,
    'daemon killed to another one answering',
    performance.now() - killed
  );
  await panel.expectState('sturdy', 'ready', 20_000);
  const after = lab.connection('sturdy');
  expect([after.pid, after.server_id, after.application_id]).toEqual([
    before.pid,
    before.server_id,
    before.application_id
  ]);
  expect(await notebook.outputOf(query, 60_000)).toContain('2 1');
  expect(
    await notebook.run(
      'print(get_spark_session() is spark, spark.range(4).count())'
    )
  ).toContain('True 4');
});

test('Jupyter is restarted: Spark goes on, the panel comes back', async ({
  page,
  lab
}) => {
  const panel = new Panel(page, lab);
  await panel.open();
  const before = lab.connection('sturdy');
  await lab.stopJupyter();
  await lab.start();
  await page.reload();
  await panel.show();
  await panel.expectState('sturdy', 'ready');
  expect(lab.connection('sturdy').pid).toBe(before.pid);
  const notebook = await Notebook.open(
    page,
    lab,
    writeNotebook(lab, 'later.ipynb')
  );
  await notebook.run('%load_ext firesteel\nspark = get_spark_session()');
  expect(await notebook.run('print(spark.conf.get("spark.app.id"))')).toContain(
    before.application_id ?? 'none'
  );
});

test('the server is killed: the card says so within a second, and the notebook recovers', async ({
  page,
  lab
}, info) => {
  const notebook = await Notebook.open(page, lab, 'later.ipynb');
  const panel = new Panel(page, lab);
  await panel.show();
  await panel.expectState('sturdy', 'ready');
  // The daemon adopted this one; how a process ends is told to the daemon that started it.
  const adopted = lab.connection('sturdy').server_id;
  await panel.press('sturdy', 'Restart');
  await expect.poll(() => lab.connection('sturdy').server_id).not.toBe(adopted);
  await panel.expectState('sturdy', 'ready');
  const { pid } = lab.connection('sturdy');
  expect(pid).toBeGreaterThan(1);
  process.kill(pid ?? 0, 'SIGKILL');
  const killed = performance.now();
  await panel.expectState('sturdy', 'failed', 1000);
  record(
    info,
    'server killed to the card saying so',
    performance.now() - killed
  );
  await expect(panel.card('sturdy')).toContainText('SIGKILL');

  const refused = await notebook.run('spark = get_spark_session()');
  expect(refused).toContain('sturdy');
  expect(refused).toContain('SIGKILL');

  await panel.press('sturdy', 'Retry');
  await panel.expectState('sturdy', 'ready');
  expect(
    await notebook.run(
      'spark = get_spark_session(); print(spark.range(6).count())'
    )
  ).toContain('6');
  await panel.press('sturdy', 'Stop');
  await panel.expectState('sturdy', 'stopped');
  expect(lab.sparkProcesses()).toEqual([]);
});
