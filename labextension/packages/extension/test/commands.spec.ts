// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, type IFiresteel } from '@firesteel/panels';
import { CommandRegistry } from '@lumino/commands';
import { activity, connection, session } from '../../client/test/samples';
import { Harness } from '../../panels/test/harness';
import * as confirm from '../src/confirm';
import {
  addLifecycleCommands,
  addQuietCommands
} from '../src/connectioncommands';

jest.mock('../src/confirm');

const confirmed = jest.mocked(confirm);
let harness: Harness;
let commands: CommandRegistry;
let asks: boolean;
const showPanel = jest.fn();

beforeEach(() => {
  jest.resetAllMocks();
  harness = new Harness();
  commands = new CommandRegistry();
  asks = true;
  const context = {
    firesteel: harness as unknown as IFiresteel,
    trans: harness.trans,
    showPanel,
    asks: () => asks
  };
  addLifecycleCommands(commands, context);
  addQuietCommands(commands, context);
});

afterEach(() => {
  harness.dispose();
});

describe('which connection is meant', () => {
  test('without any, every command is disabled', () => {
    harness.know();
    for (const id of commands.listCommands()) {
      expect(commands.isEnabled(id, {})).toBe(false);
      expect(commands.isEnabled(id, { name: 'a' })).toBe(false);
    }
  });

  test('the one that is named, else the default', async () => {
    harness.know(
      connection({ name: 'a', state: 'stopped' }),
      connection({ name: 'b', state: 'stopped', is_default: true })
    );
    await commands.execute(CommandIDs.start, { name: 'a' });
    await commands.execute(CommandIDs.start, {});
    expect(harness.api.start.mock.calls.map(call => call[0])).toEqual([
      'a',
      'b'
    ]);
  });

  test('one that does not exist is not another', async () => {
    harness.know(connection({ name: 'a', is_default: true }));
    await commands.execute(CommandIDs.stop, { name: 'other' });
    expect(confirmed.confirmStop).not.toHaveBeenCalled();
    expect(harness.api.stop).not.toHaveBeenCalled();
  });
});

describe('in each state', () => {
  test.each([
    ['starting', ['firesteel:stop']],
    [
      'ready',
      [
        'firesteel:copy-endpoint',
        'firesteel:edit',
        'firesteel:restart',
        'firesteel:stop'
      ]
    ],
    ['stopping', []],
    ['stopped', ['firesteel:edit', 'firesteel:remove', 'firesteel:start']],
    ['failed', ['firesteel:edit', 'firesteel:remove', 'firesteel:start']]
  ] as const)('%s: %j', (state, expected) => {
    harness.know(connection({ name: 'a', state, is_default: true }));
    const ids = commands.listCommands();
    const args = { name: 'a' };
    expect(ids.filter(id => commands.isEnabled(id, args)).sort()).toEqual(
      expected
    );
    expect(ids.filter(id => commands.isVisible(id, args)).sort()).toEqual(
      expected
    );
    expect(ids.every(id => commands.isVisible(id, {}))).toBe(true);
  });

  test('nothing more can be asked for while something is pending', async () => {
    harness.know(connection({ name: 'a', state: 'stopped' }));
    let answer = (): void => undefined;
    harness.api.start.mockReturnValue(
      new Promise<void>(resolve => (answer = resolve))
    );
    const done = commands.execute(CommandIDs.start, { name: 'a' });
    await Promise.resolve();
    expect(commands.isEnabled(CommandIDs.start, { name: 'a' })).toBe(false);
    answer();
    await done;
    expect(commands.isEnabled(CommandIDs.start, { name: 'a' })).toBe(true);
  });
});

describe('what notebooks would lose', () => {
  test.each([
    [CommandIDs.stop, 'confirmStop', 'stop'],
    [CommandIDs.restart, 'confirmRestart', 'restart']
  ] as const)('is asked about by %s', async (id, question, method) => {
    harness.know(connection({ name: 'a' }));
    harness.say(activity({ connection: 'a', sessions: [session()] }));
    confirmed[question].mockResolvedValueOnce(false);
    await commands.execute(id, {});
    expect(harness.api[method]).not.toHaveBeenCalled();
    confirmed[question].mockResolvedValueOnce(true);
    await commands.execute(id, {});
    expect(harness.api[method]).toHaveBeenCalledWith('a');
    expect(confirmed[question].mock.calls).toEqual([
      ['a', ['first.ipynb'], harness.trans],
      ['a', ['first.ipynb'], harness.trans]
    ]);
  });

  test('is nothing while nobody uses the connection', async () => {
    harness.know(connection({ name: 'a' }));
    harness.say(activity({ connection: 'b', sessions: [session()] }));
    await commands.execute(CommandIDs.stop, { name: 'a' });
    await commands.execute(CommandIDs.restart, { name: 'a' });
    expect(confirmed.confirmStop).not.toHaveBeenCalled();
    expect(confirmed.confirmRestart).not.toHaveBeenCalled();
    expect(harness.api.stop).toHaveBeenCalledWith('a');
    expect(harness.api.restart).toHaveBeenCalledWith('a');
  });

  test('is asked about while it is not known who uses the connection', async () => {
    harness.know(connection({ name: 'a' }));
    harness.socket.drop();
    await commands.execute(CommandIDs.stop, { name: 'a' });
    expect(confirmed.confirmStop).toHaveBeenCalledWith('a', [], harness.trans);
    expect(harness.api.stop).not.toHaveBeenCalled();
  });

  test('is not asked about when the user wants no questions', async () => {
    asks = false;
    harness.know(connection({ name: 'a' }));
    harness.say(activity({ connection: 'a', sessions: [session()] }));
    await commands.execute(CommandIDs.stop, {});
    expect(confirmed.confirmStop).not.toHaveBeenCalled();
    expect(harness.api.stop).toHaveBeenCalledWith('a');
  });

  test('is nothing while the connection is starting', async () => {
    harness.know(connection({ name: 'a', state: 'starting' }));
    harness.socket.drop();
    await commands.execute(CommandIDs.stop, { name: 'a' });
    expect(confirmed.confirmStop).not.toHaveBeenCalled();
    expect(harness.api.stop).toHaveBeenCalledWith('a');
  });

  test('is asked about before a connection is forgotten', async () => {
    asks = false;
    harness.know(connection({ name: 'a', state: 'failed' }));
    confirmed.confirmRemove.mockResolvedValueOnce(false);
    await commands.execute(CommandIDs.remove, {});
    expect(harness.api.remove).not.toHaveBeenCalled();
    confirmed.confirmRemove.mockResolvedValueOnce(true);
    await commands.execute(CommandIDs.remove, {});
    expect(harness.api.remove).toHaveBeenCalledWith('a');
  });
});

test('editing shows the panel with the form', async () => {
  harness.know(connection({ name: 'a', state: 'failed' }));
  await commands.execute(CommandIDs.edit, {});
  expect(showPanel).toHaveBeenCalled();
  expect(harness.model.form.getState()?.editing).toBe('a');
});
