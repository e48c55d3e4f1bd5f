// SPDX-License-Identifier: Apache-2.0
import { expect, type Locator, type Page } from '@playwright/test';

import type { Panel } from './panel';

/** The tab of a connection's log, used by its roles and labels. */
export class LogTab {
  readonly root: Locator;
  /** What scrolls. */
  readonly lines: Locator;
  readonly search: Locator;

  constructor(
    readonly page: Page,
    name: string
  ) {
    this.root = page.locator(`[data-firesteel-log="${name}"]`);
    this.lines = this.root.getByRole('log');
    this.search = this.root.getByLabel('Search the log');
  }

  /** Opens it by the card's button; milliseconds until lines are seen. */
  static async open(
    panel: Panel,
    name: string
  ): Promise<{ log: LogTab; took: number }> {
    const log = new LogTab(panel.page, name);
    const button = panel
      .card(name)
      .getByRole('button', { name: 'Log', exact: true });
    await button.scrollIntoViewIfNeeded();
    // In the page itself: a test's own polling would be measured, too.
    const took = await button.evaluate(
      (node, root) =>
        new Promise<number>(resolve => {
          const began = performance.now();
          const look = () =>
            document.querySelector(`${root} [data-line]`)
              ? resolve(performance.now() - began)
              : requestAnimationFrame(look);
          (node as HTMLElement).click();
          look();
        }),
      `[data-firesteel-log="${name}"]`
    );
    return { log, took };
  }

  line(text: string | RegExp): Locator {
    return this.lines.locator('[data-line]', { hasText: text });
  }

  /** The line that was gone to last. */
  get current(): Locator {
    return this.lines.locator('[aria-current]');
  }

  get figures(): Locator {
    return this.root.locator('[data-firesteel-figures]');
  }

  get hits(): Locator {
    return this.root.locator('[data-firesteel-hits]');
  }

  button(name: string): Locator {
    return this.root.locator(`[data-firesteel-button="${name}"]`);
  }

  async filter(label: string): Promise<void> {
    await this.root.getByLabel('Which lines are shown').selectOption({ label });
  }

  /** Whether the log's last line is in view. */
  async expectAtEnd(text: string): Promise<void> {
    await expect(this.line(text)).toBeInViewport({ timeout: 15_000 });
    await expect(this.button('follow')).toHaveAttribute('aria-pressed', 'true');
  }
}
