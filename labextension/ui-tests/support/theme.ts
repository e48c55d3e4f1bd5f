// SPDX-License-Identifier: Apache-2.0
import { expect, type Page } from '@playwright/test';

import { settled } from './waiting';

/** Chooses Lab's theme as a person does, by the menu, unless Lab has it already. */
export async function setTheme(page: Page, theme: string): Promise<void> {
  const now = await page.locator('body').getAttribute('data-jp-theme-name');
  if (now === theme) {
    return;
  }
  await page.getByRole('menuitem', { name: 'Settings', exact: true }).click();
  await page
    .locator('.lm-Menu-item[data-type="submenu"]', { hasText: /^Theme$/ })
    .hover();
  await page.getByRole('menuitem', { name: theme, exact: true }).click();
  await expect(page.locator('body')).toHaveAttribute(
    'data-jp-theme-name',
    theme
  );
  await settled(page);
}
