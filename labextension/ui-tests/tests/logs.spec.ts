// SPDX-License-Identifier: Apache-2.0
/** The log of a connection in a tab: a real server's, and a large one. */
import * as fs from 'node:fs';
import * as path from 'node:path';

import type { CDPSession, Page } from '@playwright/test';

import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { results, type Lab } from '../support/lab';
import { write as append, writeLarge } from '../support/largelog';
import { LogTab } from '../support/logtab';
import { setTheme } from '../support/theme';
import { record } from '../support/timings';

const pictures = path.join(results, 'pictures');
/** Of the log that is written for the tests of large ones: bytes. */
const LARGE = 200_000_000;

test.describe.configure({ mode: 'serial' });
test.beforeAll(({ lab }) => {
  lab.forgetConnections();
  fs.mkdirSync(pictures, { recursive: true });
});

/** Writes into the server's log as the server does: at its end. */
const write = (lab: Lab, ...lines: string[]): void =>
  append(lab, 'main', ...lines);

test('opens at the end, follows, and leaves who reads alone', async ({
  page,
  lab,
  panel
}) => {
  await panel.ready({ name: 'main' });
  const { log } = await LogTab.open(panel, 'main');
  await expect(log.line(/INFO/).first()).toBeVisible({ timeout: 15_000 });
  write(lab, 'INFO Test: first');
  await log.expectAtEnd('Test: first');
  write(lab, ...Array.from({ length: 300 }, (_, n) => `INFO Test: more ${n}`));
  await log.expectAtEnd('Test: more 299');

  await log.lines.hover();
  await page.mouse.wheel(0, -1_500);
  await expect(log.button('follow')).toHaveAttribute('aria-pressed', 'false');
  const top = await log.lines.evaluate(node => node.scrollTop);
  write(lab, 'INFO Test: behind');
  await expect(log.figures).toContainText('paused; 1 new line');
  expect(await log.lines.evaluate(node => node.scrollTop)).toBe(top);
  await log.lines.press('End');
  await log.expectAtEnd('Test: behind');
  await log.lines.press('Home');
  await expect(log.lines.locator('[data-line="0"]')).toBeInViewport();
  await expect(
    log.lines.locator('[data-source="launch"]').first()
  ).toBeVisible();
});

test('search, levels and the first error', async ({ lab, panel, page }) => {
  write(
    lab,
    'ERROR Test: the first error <img src=x onerror=alert(1)>',
    'INFO Test: needle one',
    'WARN Test: needle two'
  );
  const { log } = await LogTab.open(panel, 'main');
  await log.lines.focus();
  await page.keyboard.press('Control+f');
  await expect(log.search).toBeFocused();
  await page.keyboard.type('NEEDLE');
  await expect(log.hits).toHaveText('2');
  await page.keyboard.press('Enter');
  await expect(log.hits).toHaveText('1 of 2');
  await expect(log.current).toContainText('needle one');
  await expect(log.current.locator('mark')).toHaveText('needle');
  await page.keyboard.press('Shift+Enter');
  await expect(log.current).toContainText('needle two');
  await log.button('match-case').click();
  await expect(log.hits).toHaveText('none');
  await log.button('regex').click();
  await log.search.fill('needle (one|two)$');
  await expect(log.hits).toHaveText('2');
  await log.search.fill('needle (');
  await expect(log.search).toHaveAttribute('aria-invalid', 'true');
  await expect(log.root.locator('[data-firesteel-news]')).toContainText(')');
  await log.search.press('Escape');
  await expect(log.search).toHaveValue('');

  await log.filter('Errors');
  const found = log.line('the first error <img');
  await expect(found).toBeVisible();
  await expect(log.line('needle two')).toHaveCount(0);
  await expect(log.root.locator('img')).toHaveCount(0);
  await found.getByRole('button').click();
  await expect(log.current).toContainText('the first error');
  await expect(log.line('needle one')).toBeVisible();

  await log.lines.press('End');
  await log.button('first-error').click();
  await expect(log.current).toContainText('ERROR');
});

test('the picture in the documentation', async ({ panel, page }) => {
  const { log } = await LogTab.open(panel, 'main');
  await log.lines.press('Home');
  await log.search.fill('BlockManager');
  await expect(log.hits).toHaveText(/^\d+$/);
  await log.search.press('Enter');
  await log.search.press('Enter');
  await expect(log.hits).toHaveText(/^2 of/);
  // What is above tells of this machine.
  for (let row = 0; row < 10; row++) {
    await log.lines.press('ArrowDown');
  }
  await expect(log.line('NativeCodeLoader')).toBeInViewport();
  // So do the executor's lines below.
  await page.screenshot({
    path: path.join(pictures, 'log.png'),
    clip: { x: 0, y: 0, width: 1280, height: 600 }
  });
  await log.search.press('Escape');
});

test('search, level and wrapping come back after a reload', async ({
  page,
  panel
}) => {
  const { log } = await LogTab.open(panel, 'main');
  const saved = page.waitForResponse(
    reply =>
      reply.url().includes('/api/workspaces/') &&
      (reply.request().postData() ?? '').includes('needle two')
  );
  await log.button('wrap').click();
  await log.filter('Warnings and errors');
  await log.search.fill('needle two');
  await expect(log.line('needle two')).toBeVisible();
  await saved;
  await page.reload();
  await expect(log.line('needle two')).toBeVisible({ timeout: 60_000 });
  await expect(log.search).toHaveValue('needle two');
  await expect(log.button('wrap')).toHaveAttribute('aria-pressed', 'true');
  await log.search.press('Escape');
  await log.button('wrap').click();
});

/** Bytes of the page's JavaScript, after what isn't needed was thrown away. */
async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
}

test('a large log opens at once, and takes no memory', async ({
  page,
  lab,
  panel
}, info) => {
  writeLarge(lab, 'main', LARGE);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await heap(session);
  const { log, took } = await LogTab.open(panel, 'main');
  record(info, 'lines of a log of 200 MB are seen', took);
  await log.expectAtEnd('the large log ends here');
  await expect(log.figures).not.toContainText('still looking');
  const opened = await heap(session);
  // Through all of it: by keys, by the bar, and by what was found.
  for (let step = 0; step < 40; step++) {
    await log.lines.press('PageUp');
  }
  for (let part = 0; part <= 50; part++) {
    await log.lines.evaluate((node, to) => {
      node.scrollTop = (node.scrollHeight - node.clientHeight) * to;
    }, part / 50);
    await expect(log.lines.locator('[data-line]').first()).toBeVisible();
  }
  await log.search.fill('could not be removed');
  await expect(log.hits).toHaveText(/^1,\d{3}$/, { timeout: 30_000 });
  await log.search.press('Enter');
  await expect(log.current).toContainText('could not be removed');
  const after = await heap(session);
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  console.log(
    `measured: heap before ${megabytes(before)} MB, open ${megabytes(opened)} MB, after ${megabytes(after)} MB`
  );
  expect(after - before).toBeLessThan(40_000_000);
  expect(await log.lines.locator('.firesteel-LogRow').count()).toBeLessThan(
    150
  );
});

test('a search is cancelled where it is', async ({ page, panel }) => {
  const { log } = await LogTab.open(panel, 'main');
  let asked = 0;
  let held = () => {};
  const hold = new Promise<void>(resolve => (held = resolve));
  await page.route('**/log/search?*', async route => {
    asked += 1;
    if (asked === 3) {
      await hold;
    }
    await route.continue().catch(() => undefined);
  });
  await log.search.fill('Finished task');
  await expect(log.hits).toHaveText(/ · \d+ %$/);
  await expect.poll(() => asked).toBe(3);
  await log.search.press('Escape');
  held();
  await expect(log.hits).toContainText('cancelled');
  await expect(
    log.root.getByText(/The search was ended after \d+ %/)
  ).toBeVisible();
  expect(asked).toBe(3);
  await log.search.press('Escape');
  await expect(log.search).toHaveValue('');
});

test('looks: both themes, wrapped, and 300 pixels wide', async ({
  page,
  panel
}) => {
  const { log } = await LogTab.open(panel, 'main');
  await log.lines.press('Home');
  await expect(log.lines.locator('[data-line="0"]')).toBeInViewport();
  await log.search.fill('spark');
  await expect(log.hits).toHaveText(/^\d[\d,]*$/, { timeout: 30_000 });
  await log.search.press('Enter');
  await expect(log.hits).toHaveText(/^1 of/);
  await page.screenshot({ path: path.join(pictures, 'log-light.png') });
  await expectAccessible(page, '[data-firesteel-log="main"]');
  await log.button('wrap').click();
  await page.screenshot({ path: path.join(pictures, 'log-wrapped.png') });
  const beyond = await log.lines.evaluate(
    node => node.scrollWidth - node.clientWidth
  );
  expect(beyond).toBe(0);
  await log.lines.press('End');
  await expect(log.line('the large log ends here')).toBeInViewport();
  await log.button('wrap').click();
  await setTheme(page, 'JupyterLab Dark');
  await log.button('first-error').click();
  await page.screenshot({ path: path.join(pictures, 'log-dark.png') });
  await expectAccessible(page, '[data-firesteel-log="main"]');
  await log.search.fill('');
  await log.filter('Warnings and errors');
  await expect(log.line(/WARN/).first()).toBeVisible({ timeout: 30_000 });
  await page.screenshot({ path: path.join(pictures, 'log-filter.png') });
  await expectAccessible(page, '[data-firesteel-log="main"]');
  await log.filter('All');
  await setTheme(page, 'JupyterLab Light');

  // Without the sidebar, so narrow that the tab has 300 pixels.
  await page.locator('.lm-TabBar-tab[data-id="firesteel-panel"]').click();
  const wide = (await log.root.boundingBox())?.width ?? NaN;
  const view = page.viewportSize()?.width ?? NaN;
  await page.setViewportSize({ width: view - wide + 300, height: 700 });
  await expect
    .poll(async () => Math.round((await log.root.boundingBox())?.width ?? 0))
    .toBe(300);
  await page.screenshot({ path: path.join(pictures, 'log-narrow.png') });
  for (const name of [
    'first-error',
    'follow',
    'wrap',
    'menu',
    'regex',
    'next'
  ]) {
    await expect(log.button(name)).toBeInViewport({ ratio: 1 });
  }
  await expectAccessible(page, '[data-firesteel-log="main"]');
});

test('goes on with the log of a server that was started anew', async ({
  lab,
  panel
}) => {
  const { log } = await LogTab.open(panel, 'main');
  await log.search.press('Escape');
  await panel.press('main', 'Restart');
  await panel.expectState('main', 'ready');
  await expect(log.figures).toContainText('a new log since', {
    timeout: 30_000
  });
  write(lab, 'INFO Test: of the new one');
  await log.lines.press('End');
  await log.expectAtEnd('Test: of the new one');
  await expect(log.line('the large log ends here')).toHaveCount(0);
});
