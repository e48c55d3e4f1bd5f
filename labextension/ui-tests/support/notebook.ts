// SPDX-License-Identifier: Apache-2.0
import * as fs from 'node:fs';
import * as path from 'node:path';

import { expect, type Locator, type Page } from '@playwright/test';

import type { Lab } from './lab';
import { settled, waitFor } from './waiting';

/** Writes an empty Python notebook into the Lab's folder; it may ask for a Spark connection. */
export function writeNotebook(
  lab: Lab,
  name: string,
  sparkconnect?: unknown
): string {
  const content = {
    cells: [],
    metadata: {
      ...(sparkconnect !== undefined && { sparkconnect }),
      kernelspec: {
        display_name: 'Python 3 (ipykernel)',
        language: 'python',
        name: 'python3'
      }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  fs.writeFileSync(path.join(lab.folder, name), JSON.stringify(content));
  return name;
}

/** What the saved notebook keeps of its Spark connection. */
export function keptConfiguration(lab: Lab, name: string): unknown {
  const text = fs.readFileSync(path.join(lab.folder, name), 'utf8');
  return JSON.parse(text).metadata.sparkconnect;
}

/** A notebook that is open in the page, used as a person does: by its cells and keys. */
export class Notebook {
  readonly root: Locator;

  constructor(
    readonly page: Page,
    private readonly lab: Lab,
    private readonly name: string
  ) {
    this.root = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  /** Opens it in Lab and waits until its kernel idles. */
  static async open(page: Page, lab: Lab, name: string): Promise<Notebook> {
    await page.goto(lab.freshUrl(`/tree/${name}`));
    const notebook = new Notebook(page, lab, name);
    await notebook.ready();
    return notebook;
  }

  async ready(): Promise<void> {
    await settled(this.page);
    await expect(this.root.locator('.jp-Notebook')).toBeVisible({
      timeout: 60_000
    });
    // Lab's indicator says "idle" of a kernel that isn't there yet, and a cell run then is run by nobody.
    await waitFor(
      () => this.lab.hasAttendedIdleKernel(this.name),
      60_000,
      'the kernel idles and a page listens to it'
    );
    await expect(
      this.root.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    ).toBeVisible({ timeout: 60_000 });
  }

  /** Saves it, and waits until it is saved. */
  async save(): Promise<void> {
    const saved = this.page.waitForResponse(
      reply =>
        reply.request().method() === 'PUT' &&
        reply.url().includes('/api/contents/')
    );
    await this.page.keyboard.press('Control+S');
    await saved;
  }

  cell(index: number): Locator {
    return this.root.locator('.jp-CodeCell').nth(index);
  }

  /** Types code into the last cell and runs it; gives that cell at once. */
  async enter(code: string): Promise<Locator> {
    const cell = this.root.locator('.jp-CodeCell').last();
    await cell.locator('.cm-content').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(code);
    await this.page.keyboard.press('Shift+Enter');
    return this.root
      .locator('.jp-CodeCell', {
        has: this.page.locator('.cm-content', { hasText: code.split('\n')[0] })
      })
      .last();
  }

  /** Runs code in the last cell and waits for its end; gives what it printed or showed. */
  async run(code: string, timeout = 60_000): Promise<string> {
    const cell = await this.enter(code);
    return this.outputOf(cell, timeout);
  }

  async outputOf(cell: Locator, timeout = 60_000): Promise<string> {
    await expect(cell.locator('.jp-InputPrompt')).toHaveText(/\[\d+\]/, {
      timeout
    });
    return (await cell.locator('.jp-OutputArea-output').allInnerTexts()).join(
      '\n'
    );
  }
}
