// SPDX-License-Identifier: Apache-2.0
/** The log as a file of the user's. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

import { expect, test } from '../support/fixtures';
import { writeNoise } from '../support/largelog';
import { LogTab } from '../support/logtab';
import { record } from '../support/timings';

/** More than jupyter-server-proxy takes from anybody (100 MB), compressed or not: bytes. */
const LARGE = 150_000_000;
/** What the Jupyter server may grow by while the log goes through it: bytes. */
const MEMORY = 40_000_000;

test.beforeAll(({ lab }) => lab.forgetConnections());

function digest(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** The most memory that a process has had so far: bytes. */
function peak(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

test('a large log arrives whole, and Jupyter does not hold it', async ({
  page,
  panel,
  lab
}, info) => {
  await panel.ready({ name: 'log' });
  const { log } = await LogTab.open(panel, 'log');
  // A server that has ended writes no more.
  await panel.press('log', 'Stop');
  await panel.expectState('log', 'stopped');
  writeNoise(lab, 'log', LARGE);
  await log.lines.press('End');
  await log.expectAtEnd('the large log ends here');
  const server = lab.serverPid();
  const before = peak(server);
  await log.button('menu').click();
  const begun = page.waitForEvent('download');
  const clicked = performance.now();
  await page.getByRole('menuitem', { name: 'Download', exact: true }).click();
  const download = await begun;
  expect(download.suggestedFilename()).toBe('log.log');
  const file = await download.path();
  record(info, 'a log of 150 MB is downloaded', performance.now() - clicked);
  const grown = peak(server) - before;
  console.log(`measured: Jupyter grew by ${Math.round(grown / 1e6)} MB`);
  expect(fs.statSync(file).size).toBe(fs.statSync(lab.serverLog('log')).size);
  expect(digest(file)).toBe(digest(lab.serverLog('log')));
  expect(grown).toBeLessThan(MEMORY);
});
