// SPDX-License-Identifier: Apache-2.0
/** Starts that fail, starts that are cancelled, and two at once. */
import { expect, test } from '../support/fixtures';
import { record } from '../support/timings';

test.beforeAll(({ lab }) => lab.forgetConnections());

test('no Java: the card says so, and what to do', async ({ panel, lab }) => {
  await panel.startByForm({ name: 'no-java', javaHome: '/nonexistent/java' });
  await panel.expectState('no-java', 'failed', 15_000);
  const card = panel.card('no-java');
  await expect(card.locator('[data-reason="no_java"]')).toContainText(
    '/nonexistent/java'
  );
  await expect(
    card.getByRole('button', { name: 'Retry', exact: true })
  ).toBeVisible();
  await card.getByRole('button', { name: 'Retry', exact: true }).click();
  await panel.expectState('no-java', 'failed', 15_000);
  expect(lab.sparkProcesses()).toEqual([]);
  await panel.press('no-java', 'Remove');
  await expect(card).toHaveCount(0);
});

test('an option that Spark refuses: the cause and the log, then another try', async ({
  panel,
  lab
}) => {
  await panel.startByForm({
    name: 'bad-option',
    options: { 'spark.serializer': 'no.such.Serializer' }
  });
  await panel.expectState('bad-option', 'failed');
  const card = panel.card('bad-option');
  await expect(card.locator('.firesteel-Failure-message')).toContainText(
    'no.such.Serializer'
  );
  await card.getByText('Last lines of the log').click();
  await expect(card.getByRole('region')).toContainText('no.such.Serializer');

  await card.getByRole('button', { name: 'Edit and retry' }).click();
  await panel.root.getByRole('button', { name: 'Remove option 1' }).click();
  await panel.root
    .getByRole('form')
    .getByRole('button', { name: 'Start' })
    .click();
  await panel.expectState('bad-option', 'ready');
  await panel.press('bad-option', 'Stop');
  await panel.expectState('bad-option', 'stopped');
  expect(lab.sparkProcesses()).toEqual([]);
});

test('an option that is refused at once: the form says which', async ({
  panel
}) => {
  await panel.startByForm({
    name: 'refused',
    options: { 'spark.connect.grpc.binding.address': '0.0.0.0' }
  });
  const form = panel.root.getByRole('form');
  await expect(form.getByRole('alert')).toContainText(
    'spark.connect.grpc.binding.address'
  );
  await form.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(panel.card('refused')).toHaveCount(0);
});

test('cancel while starting leaves nothing', async ({ panel, lab }, info) => {
  await panel.startByForm({ name: 'cancelled' });
  await expect(
    panel
      .card('cancelled')
      .locator('[data-phase="creating_driver"][data-phase-state="going"]')
  ).toBeVisible({ timeout: 30_000 });
  const clicked = performance.now();
  await panel
    .card('cancelled')
    .getByRole('button', { name: 'Cancel', exact: true })
    .click();
  await panel.expectState('cancelled', 'stopped', 15_000);
  record(info, 'cancel while starting', performance.now() - clicked);
  expect(lab.sparkProcesses()).toEqual([]);
});

test('two connections side by side', async ({ panel, lab }) => {
  await panel.startByForm({ name: 'left' });
  await panel.startByForm({ name: 'right' });
  await panel.expectState('left', 'ready');
  await panel.expectState('right', 'ready');
  const applications = ['left', 'right'].map(
    name => lab.connection(name).application_id
  );
  expect(new Set(applications).size).toBe(2);
  await panel.press('left', 'Stop');
  await panel.expectState('left', 'stopped');
  await panel.expectState('right', 'ready', 1000);
  await panel.press('right', 'Stop');
  await panel.expectState('right', 'stopped');
  expect(lab.sparkProcesses()).toEqual([]);
});
