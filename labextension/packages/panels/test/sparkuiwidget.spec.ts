// SPDX-License-Identifier: Apache-2.0
import type { IKnownConnection } from '@firesteel/client';
import { nullTranslator } from '@jupyterlab/translation';
import { SparkUiWidget } from '../src/sparkuiwidget';

const ROOT = 'http://localhost/user/ana/firesteel/ui/main/';

let connection: Partial<IKnownConnection> | undefined;
let changed: () => void;
let unsubscribed: boolean;
let widget: SparkUiWidget;

function open(path?: string): void {
  unsubscribed = false;
  widget = new SparkUiWidget({
    api: { sparkUiUrl: name => ROOT.replace('main', name) },
    store: {
      find: () => connection as IKnownConnection | undefined,
      subscribe: listener => {
        changed = () => listener();
        return () => {
          unsubscribed = true;
        };
      }
    },
    name: 'main',
    path,
    trans: nullTranslator.load('firesteel')
  });
}

function become(next: Partial<IKnownConnection> | undefined): void {
  connection = next;
  changed();
}

function said(): string | null | undefined {
  return widget.node.querySelector('[role="status"]')?.textContent;
}

beforeEach(() => {
  connection = { state: 'ready', server_id: 'one' };
});

afterEach(() => widget.dispose());

test('opens the UI of the server that runs', () => {
  open();
  expect(widget.content.url).toBe(ROOT);
  expect(said()).toBe('');
});

test('comes back to the page that was looked at', () => {
  open('stages/stage/?id=3');
  expect(widget.content.url).toBe(`${ROOT}stages/stage/?id=3`);
});

test('loads nothing while there is no server, and says why', () => {
  connection = { state: 'stopped', server_id: 'one' };
  open('jobs/');
  expect(widget.content.url).not.toContain('firesteel');
  expect(said()).toMatch(/^Spark has stopped/);
  become({ state: 'starting', server_id: 'two' });
  expect(said()).toMatch(/^Spark starts/);
  become({ state: 'ready', server_id: 'two' });
  expect(widget.content.url).toBe(`${ROOT}jobs/`);
  expect(said()).toBe('');
});

test('shows what an application has logged that has ended', () => {
  connection = { state: 'stopped', server_id: 'one', has_history: true };
  open('jobs/');
  expect(widget.content.url).toBe(`${ROOT}jobs/`);
  expect(said()).toMatch(/what the application has logged/);
});

test('leaves the page where it is when its application ends', () => {
  open('stages/stage/?id=3');
  become({ state: 'stopped', server_id: 'one', has_history: true });
  expect(widget.content.url).toBe(`${ROOT}stages/stage/?id=3`);
  expect(said()).toMatch(/what the application has logged/);
});

test('after a restart opens the same section, and not a page of what is gone', () => {
  open('stages/stage/?id=3');
  become({ state: 'starting', server_id: 'two' });
  expect(widget.content.url).toBe(`${ROOT}stages/stage/?id=3`);
  become({ state: 'ready', server_id: 'two' });
  expect(widget.content.url).toBe(`${ROOT}stages/`);
});

test('says that the connection is gone', () => {
  open();
  become(undefined);
  expect(said()).toBe('There is no connection “main”.');
});

test('lets pages run their scripts and forms, and not navigate Lab away', () => {
  open();
  const frame = widget.content.node.querySelector('iframe');
  expect(frame?.getAttribute('sandbox')).toContain('allow-scripts');
  expect(frame?.getAttribute('sandbox')).not.toContain('allow-top-navigation');
  expect(frame?.title).toBe('Spark UI of “main”');
});

describe('the colours of the page', () => {
  let html: HTMLElement;

  /** A page of the UI in the tab, as if it had just been loaded; its script has chosen light colours. */
  function load(): void {
    open();
    html = document.implementation.createHTMLDocument().documentElement;
    html.dataset.bsTheme = 'light';
    const frame = widget.content.node.querySelector('iframe')!;
    Object.defineProperty(frame, 'contentWindow', {
      value: {
        location: new URL(ROOT),
        localStorage,
        document: { documentElement: html }
      }
    });
    frame.dispatchEvent(new Event('load'));
  }

  beforeEach(() => {
    document.body.dataset.jpThemeLight = 'false';
  });

  afterEach(() => {
    localStorage.clear();
    delete document.body.dataset.jpThemeLight;
  });

  test("are Lab's", async () => {
    load();
    expect(html.dataset.bsTheme).toBe('dark');
    document.body.dataset.jpThemeLight = 'true';
    await Promise.resolve();
    expect(html.dataset.bsTheme).toBe('light');
  });

  test("stay Lab's when a script of the page comes later", async () => {
    load();
    html.dataset.bsTheme = 'light';
    await Promise.resolve();
    expect(html.dataset.bsTheme).toBe('dark');
  });

  test('are what the user has chosen in the UI', async () => {
    load();
    html.dataset.bsTheme = 'light';
    localStorage.setItem('spark-theme', 'light');
    await Promise.resolve();
    expect(html.dataset.bsTheme).toBe('light');
  });
});

test('stops listening when it is closed', () => {
  open();
  widget.dispose();
  expect(unsubscribed).toBe(true);
});
