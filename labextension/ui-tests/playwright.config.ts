// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from '@playwright/test';

import type { LabOptions } from './support/fixtures';

const results = '../../build/test-results/e2e';

export default defineConfig<LabOptions>({
  testDir: 'tests',
  outputDir: `${results}/artefacts`,
  reporter: [
    ['list'],
    ['html', { open: 'never', outputFolder: `${results}/report` }]
  ],
  // Every file has a JupyterLab and Spark of its own; two cores carry one of them.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  projects: [
    {
      name: 'base_url /',
      use: { baseUrl: '/' },
      testIgnore: /jupyterhub/
    },
    {
      name: 'base_url /user/x/',
      use: { baseUrl: '/user/x/' },
      testMatch: /configure|journey|logs|recovery|sparkui/
    },
    {
      name: 'JupyterHub',
      use: { baseUrl: '/user/ada/', behindHub: true },
      testMatch: /download|jupyterhub|sparkui/
    }
  ]
});
