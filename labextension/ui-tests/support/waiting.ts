// SPDX-License-Identifier: Apache-2.0
import { expect, type Page } from '@playwright/test';

/**
 * Waits until Lab has restored its layout and applied its theme: what is clicked before may be undone. Lab's main area
 * is never empty for long: a launcher comes, and takes the focus from what is being typed.
 */
export async function settled(page: Page): Promise<void> {
  const timeout = 60_000;
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0, { timeout });
  const documents = page.locator('#jp-main-dock-panel');
  if ((await documents.count()) > 0) {
    const tabs = documents.locator('.lm-TabBar-tab');
    await expect(tabs.first()).toBeVisible({ timeout });
  }
}

/** Polls a condition that gives no event; an error of the condition counts as "not yet". Milliseconds. */
export async function waitFor(
  condition: () => Promise<boolean>,
  timeout: number,
  what: string
): Promise<number> {
  const began = performance.now();
  let last: unknown;
  while (performance.now() - began < timeout) {
    try {
      if (await condition()) {
        return performance.now() - began;
      }
    } catch (error) {
      last = error;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(
    `not within ${timeout} ms: ${what}${last ? ` (${last})` : ''}`
  );
}
