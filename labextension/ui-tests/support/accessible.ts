// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * axe finds nothing in the part of the page that `selector` says, but for what `others` says: pages that aren't ours.
 */
export async function expectAccessible(
  page: Page,
  selector: string,
  others: string[] = []
): Promise<void> {
  const axe = new AxeBuilder({ page }).include(selector);
  for (const other of others) {
    axe.exclude(other);
  }
  const { violations } = await axe.analyze();
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])
  ).toEqual([]);
}
