// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** axe finds nothing in the part of the page that `selector` says. */
export async function expectAccessible(
  page: Page,
  selector: string
): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include(selector)
    .analyze();
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])
  ).toEqual([]);
}
