// SPDX-License-Identifier: Apache-2.0
/** A JupyterLab that a real JupyterHub starts, behind its proxy and its login. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

import type { Page } from '@playwright/test';

import { freePort, Lab, venv } from './lab';
import { waitFor } from './waiting';

export class HubLab extends Lab {
  /** Who the tests are, and somebody else who may log in, too. */
  static readonly user = 'ada';
  static readonly stranger = 'eve';
  private readonly password = randomBytes(16).toString('hex');
  private readonly token = randomBytes(16).toString('hex');

  constructor(extraEnvironment: Record<string, string> = {}) {
    super(`/user/${HubLab.user}/`, extraEnvironment);
  }

  /** Starts the hub, and by it the server of the user. */
  protected override async launch(log: number): Promise<ChildProcess> {
    const given = path.join(this.home, 'hub.json');
    const { PATH: _, HOME: __, ...environment } = this.environment;
    fs.writeFileSync(
      given,
      JSON.stringify({
        home: this.home,
        folder: this.folder,
        port: this.port,
        hub_port: await freePort(),
        proxy_port: await freePort(),
        proxy: path.join(
          __dirname,
          '../node_modules/.bin/configurable-http-proxy'
        ),
        password: this.password,
        token: this.token,
        users: [HubLab.user, HubLab.stranger],
        environment
      }),
      { mode: 0o600 }
    );
    return spawn(
      path.join(venv, 'bin/jupyterhub'),
      ['-f', path.join(__dirname, 'jupyterhub_config.py')],
      {
        cwd: this.home,
        env: { ...this.environment, FIRESTEEL_HUB: given },
        stdio: ['ignore', log, log]
      }
    );
  }

  protected override async answers(): Promise<boolean> {
    const server = `/hub/api/users/${HubLab.user}/server`;
    const begun = await this.hub(server, 'POST');
    // 201: it runs; 202: it starts; 400: it starts or runs since an earlier POST.
    return begun.status < 500 && (await this.ask('api/status')).ok;
  }

  override url(page: string): string {
    return this.address(`${this.baseUrl}${page}`);
  }

  override async ask(page: string): Promise<Response> {
    return this.hub(`${this.baseUrl}${page}`, 'GET');
  }

  /** Logs in as a person does: by the hub's page. */
  override async logIn(page: Page, user = HubLab.user): Promise<void> {
    await page.goto(this.address('/hub/login?next=%2Fhub%2Fhome'));
    await page.getByLabel('Username').fill(user);
    await page.getByLabel('Password').fill(this.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/hub/home');
    await page.goto('about:blank');
  }

  override serverPid(): number {
    const found = this.processes().find(({ command }) =>
      command.includes('jupyterhub-singleuser')
    );
    return found?.pid ?? NaN;
  }

  private address(place: string): string {
    return `http://127.0.0.1:${this.port}${place}`;
  }

  private hub(place: string, method: string): Promise<Response> {
    return fetch(this.address(place), {
      method,
      headers: { Authorization: `token ${this.token}` },
      redirect: 'manual'
    });
  }
}
