// SPDX-License-Identifier: Apache-2.0
import { expect, type Locator, type Page } from '@playwright/test';

import type { Lab } from './lab';
import { settled } from './waiting';

/** The form of a new connection as it is to be filled in. */
export interface Definition {
  name: string;
  javaHome?: string;
  options?: Record<string, string>;
}

/** A state of a connection, and when (Date.now()) a page began to show it. */
export interface Seen {
  state: string;
  at: number;
}

/** The Firesteel panel in the left sidebar, used by its roles and labels. */
export class Panel {
  readonly root: Locator;

  constructor(
    readonly page: Page,
    private readonly lab: Lab
  ) {
    this.root = page.getByRole('region', { name: 'Firesteel' });
  }

  /** Opens Lab (unless the page shows it already) and the panel by its flame. */
  async open(): Promise<void> {
    if (!this.page.url().startsWith('http')) {
      await this.page.goto(this.lab.freshUrl());
    }
    await this.show();
  }

  async show(): Promise<void> {
    const flame = this.page.locator(
      '.lm-TabBar-tab[data-id="firesteel-panel"]'
    );
    await expect(flame).toBeVisible({ timeout: 60_000 });
    await settled(this.page);
    if (!(await this.root.isVisible())) {
      await flame.click();
    }
    await expect(
      this.root.getByRole('button', { name: 'New connection' })
    ).toBeEnabled({ timeout: 30_000 });
  }

  card(name: string): Locator {
    return this.root.locator(`[data-firesteel-connection="${name}"]`);
  }

  async expectState(
    name: string,
    state: string,
    // A start has 180 s by itself; a machine with other work needs a good part of them.
    timeout = 150_000
  ): Promise<void> {
    await expect(this.card(name)).toHaveAttribute('data-state', state, {
      timeout
    });
  }

  /** The form, whatever it is open for. */
  get form(): Locator {
    return this.root.getByRole('form');
  }

  /** Opens the form of a new connection. */
  async openForm(): Promise<Locator> {
    await this.root.getByRole('button', { name: 'New connection' }).click();
    return this.form;
  }

  /** Chooses from the form's menu. */
  async chooseInForm(item: string): Promise<void> {
    await this.form
      .getByRole('button', { name: 'Import, export and presets' })
      .click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Makes the sidebar so wide (pixels). */
  async narrow(width: number): Promise<void> {
    const edge = this.page
      .locator('#jp-main-split-panel > .lm-SplitPanel-handle')
      .first();
    const box = await edge.boundingBox();
    const left = await this.root.boundingBox();
    if (!box || !left) {
      throw new Error('no sidebar');
    }
    await this.page.mouse.move(box.x + box.width / 2, box.y + 200);
    await this.page.mouse.down();
    await this.page.mouse.move(left.x + width, box.y + 200, { steps: 5 });
    await this.page.mouse.up();
  }

  /** What the active notebook asks for. */
  get notebookPart(): Locator {
    return this.root.locator('.firesteel-Notebook');
  }

  /** Fills in the form and starts; gives the moment of the click (performance.now of this process). */
  async startByForm(definition: Definition): Promise<number> {
    await this.root.getByRole('button', { name: 'New connection' }).click();
    const form = this.root.getByRole('form', { name: 'New connection' });
    await form.getByLabel('Name', { exact: true }).fill(definition.name);
    if (definition.options) {
      await this.unfold(form, 'Spark options');
      let number = 0;
      for (const [name, value] of Object.entries(definition.options)) {
        number += 1;
        await form.getByRole('button', { name: 'Add option' }).click();
        await form.getByLabel(`Name of option ${number}`).fill(name);
        await form.getByLabel(`Value of option ${number}`).fill(value);
      }
    }
    if (definition.javaHome !== undefined) {
      await this.unfold(form, 'Advanced');
      await form.getByLabel('Java home').fill(definition.javaHome);
    }
    const clicked = performance.now();
    await form.getByRole('button', { name: 'Start' }).click();
    return clicked;
  }

  async unfold(form: Locator, title: string): Promise<void> {
    const section = form.locator('details', {
      has: this.page.locator('summary', { hasText: title })
    });
    if ((await section.getAttribute('open')) === null) {
      await section.locator('summary').click();
    }
  }

  /** Creates a connection by the form and waits until it is ready. */
  async ready(definition: Definition): Promise<void> {
    await this.startByForm(definition);
    await this.expectState(definition.name, 'ready');
  }

  /** Clicks a button of the card, and says yes where it asks: Stop and Restart only ask when somebody uses the connection. */
  async press(name: string, button: string): Promise<void> {
    const state = await this.card(name).getAttribute('data-state');
    await this.card(name)
      .getByRole('button', { name: button, exact: true })
      .click();
    const yes = this.page.locator('.jp-Dialog .jp-mod-accept');
    const changed = this.root.locator(
      `[data-firesteel-connection="${name}"]:not([data-state="${state}"])`
    );
    if (button === 'Stop' || button === 'Restart') {
      await expect(yes.or(changed).first()).toBeVisible();
    } else if (button === 'Remove') {
      await expect(yes).toBeVisible();
    }
    if (await yes.isVisible()) {
      await yes.click();
    }
  }

  /** The line that says how many use the connection. */
  summary(name: string): Locator {
    return this.card(name).locator('.firesteel-Activity summary');
  }

  /** Unfolds who uses the connection and what runs there. */
  async unfoldActivity(name: string): Promise<void> {
    const activity = this.card(name).locator('.firesteel-Activity details');
    if ((await activity.getAttribute('open')) === null) {
      await this.summary(name).click();
    }
  }

  /** A row of the list of sessions that tells this name. */
  session(name: string, user: string): Locator {
    return this.card(name).locator('[data-firesteel-session]', {
      hasText: user
    });
  }

  /** The operations of a notebook that are as `state` says. */
  operations(name: string, notebook: string, state: string): Locator {
    return this.card(name).locator(`[data-operation-state="${state}"]`, {
      hasText: notebook
    });
  }

  /** Collects from now on which phases the card shows, as `<phase>:<going or done>`. */
  async watchPhases(): Promise<() => Promise<string[]>> {
    await this.root.evaluate(panel => {
      const seen = new Set<string>();
      (window as unknown as { seenPhases: Set<string> }).seenPhases = seen;
      const look = () =>
        panel
          .querySelectorAll('[data-phase]')
          .forEach(item =>
            seen.add(
              `${item.getAttribute('data-phase')}:${item.getAttribute('data-phase-state')}`
            )
          );
      new MutationObserver(look).observe(panel, {
        subtree: true,
        childList: true,
        attributes: true
      });
    });
    return () =>
      this.page.evaluate(() => [
        ...(window as unknown as { seenPhases: Set<string> }).seenPhases
      ]);
  }

  /** Notes from now on when (Date.now()) the card's state changed to what; also while the page is behind another. */
  async watchStates(name: string): Promise<() => Promise<Seen[]>> {
    await this.root.evaluate((panel, wanted) => {
      const seen: Seen[] = [];
      (window as unknown as { seenStates: Seen[] }).seenStates = seen;
      const look = () => {
        const state = panel
          .querySelector(`[data-firesteel-connection="${wanted}"]`)
          ?.getAttribute('data-state');
        if (state && state !== seen.at(-1)?.state) {
          seen.push({ state, at: Date.now() });
        }
      };
      look();
      new MutationObserver(look).observe(panel, {
        subtree: true,
        childList: true,
        attributes: true
      });
    }, name);
    return () =>
      this.page.evaluate(
        () => (window as unknown as { seenStates: Seen[] }).seenStates
      );
  }

  /** Class names of what is wider than its place. */
  overflowing(): Promise<string[]> {
    return this.root.evaluate(node =>
      [node, ...node.querySelectorAll('*')]
        .filter(each => getComputedStyle(each).overflowX === 'visible')
        .filter(
          each =>
            each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0
        )
        .map(each => each.className)
    );
  }

  field(name: string, field: string): Locator {
    return this.card(name).locator(`[data-firesteel-field="${field}"]`);
  }
}
