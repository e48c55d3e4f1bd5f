// SPDX-License-Identifier: Apache-2.0
/** A real JupyterLab of the wheel's own environment, with a Firesteel instance that nobody else uses. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';

import type { Page } from '@playwright/test';

import { waitFor } from './waiting';

const repository = path.resolve(__dirname, '../../..');
export const venv =
  process.env.FIRESTEEL_E2E_VENV ?? path.join(repository, 'build/e2e/venv');
export const results = path.join(repository, 'build/test-results/e2e');
const token = 'e2e';

/** `paths --json` and `connections --json` as far as the tests read them. */
export interface Connection {
  id: string;
  name: string;
  state: string;
  pid?: number;
  application_id?: string;
  server_id?: string;
}

export class Lab {
  /** What the notebooks see as their folder. */
  readonly folder: string;
  protected readonly home: string;
  private readonly runtime: string;
  private process?: ChildProcess;
  protected port = 0;
  private workspaces = 0;

  constructor(
    readonly baseUrl: string,
    private readonly extraEnvironment: Record<string, string> = {}
  ) {
    // Unix sockets need a short path.
    this.home = fs.mkdtempSync(path.join(os.tmpdir(), 'fse-'));
    this.runtime = path.join(this.home, 'r');
    this.folder = path.join(this.home, 'notebooks');
    fs.mkdirSync(this.runtime, { mode: 0o700 });
    fs.mkdirSync(this.folder);
    const settings = path.join(
      this.home,
      'settings/@jupyterlab/apputils-extension'
    );
    fs.mkdirSync(settings, { recursive: true });
    fs.writeFileSync(
      path.join(settings, 'notification.jupyterlab-settings'),
      JSON.stringify({ fetchNews: 'false', checkForUpdates: false })
    );
  }

  protected get environment(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(
      ([key]) =>
        !/^(FIRESTEEL_|SPARK_|PYSPARK_|JAVA_|JUPYTER|IPYTHON|XDG_|VIRTUAL_ENV)/.test(
          key
        )
    );
    return {
      ...Object.fromEntries(kept),
      PATH: `${venv}/bin:${process.env.PATH}`,
      HOME: this.home,
      FIRESTEEL_RUNTIME_DIR: this.runtime,
      JUPYTERLAB_SETTINGS_DIR: path.join(this.home, 'settings'),
      JUPYTERLAB_WORKSPACES_DIR: path.join(this.home, 'workspaces'),
      ...this.extraEnvironment
    };
  }

  async start(): Promise<this> {
    this.port ||= await freePort();
    const log = fs.openSync(path.join(this.home, 'jupyter.log'), 'a');
    this.process = await this.launch(log);
    fs.closeSync(log);
    await waitFor(
      async () => {
        if (this.process?.exitCode !== null) {
          throw new Error(`JupyterLab ended: ${this.log().slice(-4000)}`);
        }
        return this.answers();
      },
      60_000,
      'JupyterLab answers'
    );
    return this;
  }

  /** Starts what is to answer on the port; it writes into the file that is open as `log`. */
  protected async launch(log: number): Promise<ChildProcess> {
    return spawn(
      path.join(venv, 'bin/jupyter'),
      [
        'lab',
        '--no-browser',
        `--ServerApp.port=${this.port}`,
        '--ServerApp.port_retries=0',
        `--ServerApp.base_url=${this.baseUrl}`,
        `--ServerApp.root_dir=${this.folder}`,
        `--IdentityProvider.token=${token}`,
        '--ServerApp.allow_root=True'
      ],
      { env: this.environment, stdio: ['ignore', log, log] }
    );
  }

  protected async answers(): Promise<boolean> {
    return (await this.ask('api/status')).ok;
  }

  /** An address in this server, with what logs the browser in where that can be in an address. */
  url(page: string): string {
    const address = new URL(
      `http://127.0.0.1:${this.port}${this.baseUrl}${page}`
    );
    address.searchParams.set('token', token);
    return address.toString();
  }

  /** What the server says to somebody who may ask. */
  ask(page: string): Promise<Response> {
    return fetch(this.url(page));
  }

  /** What a new browser has to do before it opens an address. */
  async logIn(_page: Page, _user?: string): Promise<void> {
    // The address has a token.
  }

  /** An address of JupyterLab with nothing of an earlier page's layout. */
  freshUrl(page = ''): string {
    this.workspaces += 1;
    return this.url(`lab/workspaces/w${this.workspaces}${page}`);
  }

  /** Ends the Jupyter server alone, as its owner would (SIGTERM) or as bad luck would (SIGKILL). */
  async stopJupyter(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) {
      return;
    }
    const ended = new Promise(resolve => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  }

  /** Whether the notebook's kernel idles, with a page connected to it. */
  async hasAttendedIdleKernel(notebook: string): Promise<boolean> {
    const reply = await this.ask('api/sessions');
    const sessions = (await reply.json()) as {
      path: string;
      kernel: { connections: number; execution_state: string };
    }[];
    const kernel = sessions.find(({ path }) => path === notebook)?.kernel;
    return kernel?.execution_state === 'idle' && kernel.connections > 0;
  }

  cli(...args: string[]): string {
    return execFileSync(path.join(venv, 'bin/firesteel'), args, {
      env: this.environment,
      encoding: 'utf8',
      timeout: 60_000
    });
  }

  /** Runs code in a plain Python of the environment, which knows nothing of Firesteel; gives what it prints. */
  python(code: string, input: string): string {
    const { FIRESTEEL_RUNTIME_DIR: _, ...environment } = this.environment;
    return execFileSync(path.join(venv, 'bin/python'), ['-c', code], {
      env: environment,
      input,
      encoding: 'utf8',
      timeout: 120_000
    });
  }

  /** The Jupyter server's process. */
  serverPid(): number {
    return this.process?.pid ?? NaN;
  }

  daemonPid(): number {
    return JSON.parse(this.cli('status', '--json')).pid;
  }

  connections(): Connection[] {
    this.cli('daemon', '--background');
    return JSON.parse(this.cli('connections', '--json')).connections;
  }

  connection(name: string): Connection {
    const found = this.connections().find(each => each.name === name);
    if (!found) {
      throw new Error(`no connection ${name}`);
    }
    return found;
  }

  /** Processes of this instance that run now, by what /proc says: pid and command line. */
  processes(): { pid: number; command: string }[] {
    const found = [];
    for (const entry of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) {
        continue;
      }
      try {
        const environment = fs.readFileSync(`/proc/${entry}/environ`, 'latin1');
        if (environment.includes(`FIRESTEEL_RUNTIME_DIR=${this.runtime}\0`)) {
          found.push({
            pid: Number(entry),
            command: fs
              .readFileSync(`/proc/${entry}/cmdline`, 'latin1')
              .replaceAll('\0', ' ')
          });
        }
      } catch {
        continue; // it ended while we looked
      }
    }
    return found;
  }

  /** Those that belong to Spark: JVMs and the Python workers that they started. */
  sparkProcesses(): { pid: number; command: string }[] {
    return this.processes().filter(({ command }) =>
      /SparkSubmit|pyspark[./]daemon|pyspark[./]worker/.test(command)
    );
  }

  /** Stops and forgets every connection, so that a file's tests begin with none. */
  forgetConnections(): void {
    for (const { name } of this.connections()) {
      this.cli('stop', name, '--wait');
      this.cli('remove', name);
    }
  }

  /** The file that the connection's server writes its log into. */
  serverLog(name: string): string {
    const { state_dir } = JSON.parse(this.cli('paths', '--json'));
    return path.join(state_dir, 'logs', `${this.connection(name).id}.log`);
  }

  log(): string {
    return fs.readFileSync(path.join(this.home, 'jupyter.log'), 'utf8');
  }

  /** Stops everything of this instance; keeps the logs in the results. */
  async end(label: string): Promise<void> {
    const kept = path.join(
      results,
      'logs',
      label.replaceAll(/[^A-Za-z0-9]+/g, '-')
    );
    try {
      for (const { name, state } of this.connections()) {
        if (['starting', 'ready', 'stopping'].includes(state)) {
          this.cli('stop', name, '--wait');
        }
      }
    } finally {
      await this.stopJupyter();
      for (const { pid } of this.processes()) {
        try {
          process.kill(pid, 'SIGTERM');
        } catch {
          // it ended by itself
        }
      }
      await waitFor(
        async () => this.processes().length === 0,
        20_000,
        'every process has ended'
      ).catch(error => {
        this.processes().forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
        throw error;
      });
      fs.mkdirSync(kept, { recursive: true });
      for (const file of fs.readdirSync(this.home, {
        recursive: true,
        withFileTypes: true
      })) {
        if (file.isFile() && /\.log(\.\d+)?$/.test(file.name)) {
          fs.copyFileSync(
            path.join(file.parentPath, file.name),
            path.join(kept, file.name)
          );
        }
      }
      fs.rmSync(this.home, { recursive: true, force: true });
    }
  }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no port'))
      );
    });
  });
}
