// SPDX-License-Identifier: Apache-2.0
import { test as base } from '@playwright/test';

import { HubLab } from './hublab';
import { Lab } from './lab';
import { Panel } from './panel';

export interface LabOptions {
  /** Where JupyterLab is; a JupyterHub decides it itself. */
  baseUrl: string;
  /** Whether JupyterLab is started by a JupyterHub. */
  behindHub: boolean;
  /** More variables for JupyterLab, and so for the daemon that it starts. */
  labEnvironment: Record<string, string>;
}

interface WorkerFixtures extends LabOptions {
  lab: Lab;
}

/** `lab`: one JupyterLab for the tests of a worker; `panel`: the Firesteel panel of a page that shows it. */
export const test = base.extend<{ panel: Panel }, WorkerFixtures>({
  baseUrl: ['/', { scope: 'worker', option: true }],
  behindHub: [false, { scope: 'worker', option: true }],
  labEnvironment: [{}, { scope: 'worker', option: true }],
  lab: [
    async ({ baseUrl, behindHub, labEnvironment }, use, info) => {
      const lab = behindHub
        ? new HubLab(labEnvironment)
        : new Lab(baseUrl, labEnvironment);
      await lab.start();
      await use(lab);
      await lab.end(`${info.project.name}-${info.workerIndex}`);
    },
    { scope: 'worker', timeout: 120_000 }
  ],
  page: async ({ page, lab }, use) => {
    await lab.logIn(page);
    await use(page);
  },
  panel: async ({ page, lab }, use) => {
    const panel = new Panel(page, lab);
    await panel.open();
    await use(panel);
  }
});

export { expect } from '@playwright/test';
