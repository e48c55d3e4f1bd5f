// SPDX-License-Identifier: Apache-2.0
import {
  ConnectionStore,
  type Connection,
  type FiresteelApi,
  type FiresteelEvent
} from '@firesteel/client';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { act, render } from '@testing-library/react';
import * as React from 'react';
import { catalog, FakeSocket, snapshot } from '../../client/test/samples';
import { CommandIDs } from '../src/commands';
import { PanelContextProvider } from '../src/components/context';
import { Panel } from '../src/components/Panel';
import { PanelModel } from '../src/model';

type FakeApi = {
  [
    Method in Exclude<keyof FiresteelApi, 'sparkUiUrl' | 'logTextUrl'>
  ]: jest.Mock<Promise<unknown>, unknown[]>;
} & Pick<FiresteelApi, 'sparkUiUrl' | 'logTextUrl'>;

function fakeApi(): FakeApi {
  const gives = (reply: unknown): jest.Mock<Promise<unknown>, unknown[]> =>
    jest.fn<Promise<unknown>, unknown[]>().mockResolvedValue(reply);
  const done = (): jest.Mock<Promise<unknown>, unknown[]> => gives({});
  return {
    status: done(),
    clusters: done(),
    catalog: gives(catalog()),
    sparkOptions: gives({ options: [], total: 0 }),
    preview: gives({ options: [], given: {}, environment: [], problems: [] }),
    readSparkDefaults: gives({ options: {}, problems: [] }),
    writeSparkDefaults: gives(''),
    presets: gives([]),
    savePreset: done(),
    removePreset: done(),
    create: done(),
    start: done(),
    stop: done(),
    restart: done(),
    makeDefault: done(),
    remove: done(),
    log: done(),
    logLines: done(),
    searchLog: done(),
    logTextUrl: name => `http://lab/log/${name}`,
    release: done(),
    interrupt: done(),
    endpointUrl: done(),
    sparkUiUrl: name => `http://lab/ui/${name}/`
  };
}

/** A panel's model on a real store; the daemon at its other end is the test. */
export class Harness {
  readonly api = fakeApi();
  readonly trans = nullTranslator.load('firesteel');
  readonly commands = new CommandRegistry();
  readonly executed: [string, unknown][] = [];
  /** What every command gives. */
  result: unknown;
  readonly disabled = new Set<string>();
  readonly openMenu = jest.fn();
  readonly openFormMenu = jest.fn();
  readonly store: ConnectionStore;
  readonly model: PanelModel;
  socket = new FakeSocket();

  constructor() {
    this.store = new ConnectionStore({
      open: () => (this.socket = new FakeSocket())
    });
    this.model = new PanelModel(
      this.api as unknown as FiresteelApi,
      this.store,
      this.trans
    );
    for (const id of Object.values(CommandIDs)) {
      this.commands.addCommand(id, {
        caption: () => (this.disabled.has(id) ? 'Not now' : ''),
        isEnabled: () => !this.disabled.has(id),
        execute: args => {
          this.executed.push([id, args]);
          return this.result;
        }
      });
    }
    this.store.start();
  }

  dispose(): void {
    this.model.dispose();
    this.store.dispose();
  }

  say(event: FiresteelEvent): void {
    act(() => this.socket.say(event));
  }

  /** Make these connections known, and nothing else. */
  know(...connections: Connection[]): void {
    this.say(snapshot(...connections));
  }

  show(): void {
    this.model.setVisible(true);
    render(
      <PanelContextProvider value={this}>
        <Panel />
      </PanelContextProvider>
    );
  }
}
