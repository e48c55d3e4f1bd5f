// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, type IFiresteel } from '@firesteel/panels';
import { CommandRegistry } from '@lumino/commands';
import {
  activity,
  connection,
  operation,
  session
} from '../../client/test/samples';
import { Harness } from '../../panels/test/harness';
import * as confirm from '../src/confirm';
import { addSessionCommands } from '../src/sessioncommands';

jest.mock('../src/confirm');

const confirmed = jest.mocked(confirm);
const { interrupt, releaseSession } = CommandIDs;
let harness: Harness;
let commands: CommandRegistry;

beforeEach(() => {
  jest.resetAllMocks();
  harness = new Harness();
  commands = new CommandRegistry();
  addSessionCommands(commands, {
    firesteel: harness as unknown as IFiresteel,
    trans: harness.trans,
    showPanel: jest.fn(),
    asks: () => true
  });
  harness.know(
    connection({ name: 'a', is_default: true }),
    connection({ name: 'b', state: 'stopped' })
  );
});

afterEach(() => {
  harness.dispose();
});

function running(count: number): void {
  harness.say(
    activity({
      connection: 'a',
      sessions: [session({ running: count })],
      operations: Array.from({ length: count }, (_, index) =>
        operation({ operation_id: `o${index}` })
      )
    })
  );
}

const ONE = { name: 'a', session_id: 's1', operation_id: 'o0' };

describe('interrupt', () => {
  test('is only there for what runs', () => {
    const all = [{}, { name: 'a' }, { name: 'a', session_id: 's1' }, ONE];
    for (const args of all) {
      expect(commands.isEnabled(interrupt, args)).toBe(false);
    }
    expect(commands.caption(interrupt, {})).toBe('Nothing runs now');
    running(1);
    for (const args of all) {
      expect(commands.isEnabled(interrupt, args)).toBe(true);
    }
    expect(commands.caption(interrupt, {})).toBe('');
    const others = [
      { name: 'b' },
      { name: 'a', session_id: 'other' },
      { ...ONE, operation_id: 'other' },
      { ...ONE, session_id: 'other' }
    ];
    for (const args of others) {
      expect(commands.isEnabled(interrupt, args)).toBe(false);
    }
  });

  test('is in the menu of a connection that is ready', () => {
    expect(commands.isVisible(interrupt, { name: 'a' })).toBe(true);
    expect(commands.isVisible(interrupt, { name: 'b' })).toBe(false);
    expect(commands.isVisible(interrupt, {})).toBe(true);
  });

  test('of one operation asks nothing', async () => {
    running(2);
    await commands.execute(interrupt, ONE);
    expect(harness.api.interrupt).toHaveBeenCalledWith('a', {
      session_id: 's1',
      operation_id: 'o0'
    });
    expect(confirmed.confirmInterruptAll).not.toHaveBeenCalled();
  });

  test('of a session asks nothing', async () => {
    running(2);
    await commands.execute(interrupt, { name: 'a', session_id: 's1' });
    expect(harness.api.interrupt).toHaveBeenCalledWith('a', {
      session_id: 's1'
    });
  });

  test('of all asks when more than one runs, and says whose', async () => {
    running(1);
    await commands.execute(interrupt, {});
    expect(harness.api.interrupt).toHaveBeenCalledTimes(1);
    expect(harness.api.interrupt).toHaveBeenCalledWith('a', {});
    running(2);
    confirmed.confirmInterruptAll.mockResolvedValueOnce(false);
    await commands.execute(interrupt, {});
    expect(harness.api.interrupt).toHaveBeenCalledTimes(1);
    expect(confirmed.confirmInterruptAll).toHaveBeenCalledWith(
      'a',
      ['first.ipynb'],
      harness.trans
    );
    confirmed.confirmInterruptAll.mockResolvedValueOnce(true);
    await commands.execute(interrupt, {});
    expect(harness.api.interrupt).toHaveBeenCalledTimes(2);
  });

  test('is not asked for twice', async () => {
    running(1);
    let answer = (): void => undefined;
    harness.api.interrupt.mockReturnValue(
      new Promise<void>(resolve => (answer = resolve))
    );
    const done = commands.execute(interrupt, ONE);
    await Promise.resolve();
    expect(commands.isEnabled(interrupt, ONE)).toBe(false);
    answer();
    await done;
    expect(commands.isEnabled(interrupt, ONE)).toBe(true);
  });
});

describe('release', () => {
  const args = { name: 'a', session_id: 's1' };

  test('asks once, and says what is lost', async () => {
    running(2);
    confirmed.confirmRelease.mockResolvedValueOnce(false);
    await commands.execute(releaseSession, args);
    expect(confirmed.confirmRelease).toHaveBeenCalledWith(
      'first.ipynb',
      2,
      harness.trans
    );
    expect(harness.api.release).not.toHaveBeenCalled();
    confirmed.confirmRelease.mockResolvedValueOnce(true);
    await commands.execute(releaseSession, args);
    expect(harness.api.release).toHaveBeenCalledWith('a', 's1');
  });

  test('of a session that is gone does nothing', async () => {
    await commands.execute(releaseSession, args);
    expect(confirmed.confirmRelease).not.toHaveBeenCalled();
  });

  test('needs a session', () => {
    expect(commands.isEnabled(releaseSession, { name: 'a' })).toBe(false);
    expect(commands.isEnabled(releaseSession, args)).toBe(true);
  });
});
