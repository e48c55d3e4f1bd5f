// SPDX-License-Identifier: Apache-2.0
import type { ActivityEvent, Endpoint } from '@firesteel/client';
import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  activity,
  connection,
  operation,
  session,
  snapshot
} from '../../client/test/samples';
import { CommandIDs } from '../src/commands';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  jest.useFakeTimers();
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
  jest.useRealTimers();
});

const user = userEvent.setup({
  advanceTimers: ms => jest.advanceTimersByTime(ms)
});

type Changes = Partial<Omit<ActivityEvent, 'type'>>;

function become(changes: Changes): void {
  harness.say(activity(changes));
}

/** Show the card of a ready connection that is used like this. */
function showCard(changes: Changes = {}): HTMLElement {
  harness.know(connection({ name: 'analysis', state: 'ready' }));
  become(changes);
  harness.show();
  return screen.getByRole('group', { name: 'analysis' });
}

function unfold(card: HTMLElement): HTMLElement {
  act(() => harness.model.setUnfolded('analysis', true));
  return card;
}

function rows(card: HTMLElement, list: string): HTMLElement[] {
  return within(within(card).getByRole('list', { name: list })).getAllByRole(
    'listitem'
  );
}

function liveLine(card: HTMLElement): HTMLElement {
  return card.querySelector<HTMLElement>('.firesteel-LiveLine')!;
}

describe('the live line', () => {
  test('ticks while nobody does anything', () => {
    const card = showCard({ sessions: [session({ idle_ms: 58_000 })] });
    expect(liveLine(card)).toHaveTextContent('idle for 58 s');
    act(() => {
      jest.advanceTimersByTime(3_000);
    });
    expect(liveLine(card)).toHaveTextContent('idle for 1 min');
  });

  test('says how much is done of all that runs', () => {
    const card = showCard({
      operations: [
        operation({ tasks: 150, completed_tasks: 12 }),
        operation({ operation_id: 'o2', tasks: 50, completed_tasks: 8 })
      ]
    });
    expect(liveLine(card)).toHaveTextContent('20/200 tasks');
    const bar = within(card).getByRole('progressbar', {
      name: 'Tasks of analysis'
    });
    expect(bar).toHaveAttribute('aria-valuenow', '10');
    expect(bar.firstChild).toHaveStyle({ width: '10%' });
  });

  test('never jumps back', () => {
    const card = showCard({
      operations: [operation({ tasks: 10, completed_tasks: 8 })]
    });
    become({ operations: [operation({ tasks: 200, completed_tasks: 9 })] });
    expect(liveLine(card)).toHaveTextContent('9/200 tasks');
    expect(within(card).getByRole('progressbar')).toHaveAttribute(
      'aria-valuenow',
      '80'
    );
  });

  test('says for how long something has run of which no tasks are known', () => {
    const card = showCard({ operations: [operation({ elapsed_ms: 11_000 })] });
    act(() => {
      jest.advanceTimersByTime(2_000);
    });
    expect(liveLine(card)).toHaveTextContent('running for 13 s');
  });

  test('is there when nobody has used the connection', () => {
    harness.know(connection({ name: 'analysis', state: 'ready' }));
    harness.show();
    const card = screen.getByRole('group', { name: 'analysis' });
    expect(liveLine(card)).toHaveTextContent('idle');
    expect(card.querySelector('summary')).toHaveTextContent('Nobody uses it');
  });

  test('is only there for a connection that is ready', () => {
    harness.know(connection({ name: 'analysis', state: 'stopped' }));
    become({ sessions: [session()] });
    harness.show();
    expect(document.querySelector('.firesteel-Activity')).toBeNull();
  });
});

describe('who uses it', () => {
  test('is folded, and the fold is remembered', async () => {
    const card = showCard({ sessions: [session()] });
    const details = card.querySelector('details')!;
    expect(details).not.toHaveAttribute('open');
    expect(within(card).queryByRole('list')).toBeNull();
    await user.click(within(card).getByText('1 notebook'));
    await act(async () => jest.advanceTimersByTimeAsync(0));
    expect(harness.model.getState().unfolded.has('analysis')).toBe(true);
    expect(rows(card, 'Sessions')).toHaveLength(1);
    become({ sessions: [session(), session({ session_id: 's2' })] });
    expect(details).toHaveAttribute('open');
  });

  test('has a row for each session', async () => {
    const card = unfold(
      showCard({
        sessions: [
          session({ idle_ms: 240_000 }),
          session({
            session_id: 's2',
            notebook: '',
            client_type: '_SPARK_CONNECT_GO',
            running: 1
          })
        ]
      })
    );
    const [first, second] = rows(card, 'Sessions');
    expect(first).toHaveTextContent('first.ipynb');
    expect(within(first).getByText('first.ipynb')).toHaveAttribute(
      'title',
      'work/first.ipynb'
    );
    expect(within(first).getByText('idle for 4 min')).toHaveAttribute(
      'title',
      expect.stringContaining('Python 3.11 · Spark 4.3.0, since ')
    );
    expect(within(first).queryByText('Interrupt')).toBeNull();
    expect(second).toHaveTextContent('Go');
    expect(second).toHaveTextContent('running');
    await user.click(
      within(first).getByRole('button', { name: 'Release first.ipynb' })
    );
    await user.click(
      within(second).getByRole('button', { name: 'Interrupt what Go runs' })
    );
    expect(harness.executed).toEqual([
      [CommandIDs.releaseSession, { name: 'analysis', session_id: 's1' }],
      [CommandIDs.interrupt, { name: 'analysis', session_id: 's2' }]
    ]);
  });

  test('of ten thousand shows the first fifty', () => {
    const sessions = Array.from({ length: 10_000 }, (_, index) =>
      session({ session_id: `s${index}`, notebook: `n${index}.ipynb` })
    );
    const card = unfold(showCard({ sessions }));
    expect(card.querySelector('summary')).toHaveTextContent('10,000 notebooks');
    expect(rows(card, 'Sessions')).toHaveLength(50);
    expect(card).toHaveTextContent('and 9,950 more');
  });

  test('shows hostile names as words', () => {
    const notebook = '<img src=x onerror=alert(1)>.ipynb';
    const card = unfold(showCard({ sessions: [session({ notebook })] }));
    expect(card.querySelector('img')).toBeNull();
    expect(card).toHaveTextContent(notebook);
  });
});

describe('operations', () => {
  test('that run tick, with their tasks and what they gave', async () => {
    const running = operation({
      elapsed_ms: 12_000,
      rows: 1_234,
      bytes: 1_200_000_000,
      tasks: 200,
      completed_tasks: 148
    });
    const card = unfold(showCard({ operations: [running] }));
    const [row] = rows(card, 'Operations');
    expect(row).toHaveTextContent('SQL query · first.ipynb');
    expect(row).toHaveTextContent('12 s · 148/200 tasks · 1,234 rows · 1.2 GB');
    expect(
      within(row).getByRole('progressbar', {
        name: 'Tasks of SQL query · first.ipynb'
      })
    ).toHaveAttribute('aria-valuenow', '74');
    act(() => {
      jest.advanceTimersByTime(2_000);
    });
    expect(row).toHaveTextContent('14 s');
    await user.click(
      within(row).getByRole('button', {
        name: 'Interrupt SQL query · first.ipynb'
      })
    );
    await user.click(
      within(card).getByRole('button', { name: 'Interrupt all' })
    );
    expect(harness.executed).toEqual([
      [
        CommandIDs.interrupt,
        { name: 'analysis', session_id: 's1', operation_id: 'o1' }
      ],
      [CommandIDs.interrupt, { name: 'analysis' }]
    ]);
  });

  test('that ended are told after those that run, five at most', () => {
    const states = [
      'finished',
      'failed',
      'running',
      'interrupted',
      'lost',
      'finished',
      'finished'
    ] as const;
    const operations = states.map((state, index) =>
      operation({ operation_id: `o${index}`, state, elapsed_ms: 17_000 })
    );
    operations[1].error = 'Column “a” was not found.';
    const card = unfold(showCard({ operations }));
    const listed = rows(card, 'Operations');
    expect(listed.map(row => row.dataset.operationState)).toEqual([
      'running',
      'finished',
      'failed',
      'interrupted',
      'lost',
      'finished'
    ]);
    act(() => {
      jest.advanceTimersByTime(5_000);
    });
    expect(listed[1]).toHaveTextContent('finished · 17 s');
    expect(within(listed[1]).queryByRole('button')).toBeNull();
    expect(listed[2]).toHaveTextContent(
      'failed: Column “a” was not found. · 17 s'
    );
    expect(within(listed[2]).getByText('failed')).toHaveAttribute(
      'title',
      'Column “a” was not found.'
    );
    expect(listed[4]).toHaveTextContent('lost with its server');
  });

  test('are none before the first', () => {
    const card = unfold(showCard({ sessions: [session()] }));
    expect(card).toHaveTextContent('None has run yet.');
  });
});

describe('rows', () => {
  const older = operation({ operation_id: 'older' });
  const newer = operation({ operation_id: 'newer' });

  function ids(card: HTMLElement): (string | undefined)[] {
    return rows(card, 'Operations').map(row => row.dataset.firesteelOperation);
  }

  test('stay under the pointer, and are put right when it is gone', () => {
    const card = unfold(showCard({ operations: [older] }));
    const list = within(card).getByRole('list', { name: 'Operations' });
    fireEvent.mouseEnter(list);
    become({ operations: [newer, { ...older, state: 'finished' }] });
    expect(ids(card)).toEqual(['older', 'newer']);
    expect(
      within(rows(card, 'Operations')[0]).getByRole('button')
    ).toHaveTextContent('Interrupt');
    fireEvent.mouseLeave(list);
    expect(ids(card)).toEqual(['newer', 'older']);
    expect(
      within(rows(card, 'Operations')[1]).queryByRole('button')
    ).toBeNull();
  });

  test('stay while the keyboard is among them', async () => {
    const card = unfold(showCard({ operations: [older] }));
    within(card).getByRole('button', { name: 'Interrupt all' }).focus();
    await user.tab();
    const button = within(rows(card, 'Operations')[0]).getByRole('button');
    expect(button).toHaveFocus();
    become({ operations: [newer, { ...older, state: 'finished' }] });
    expect(ids(card)).toEqual(['older', 'newer']);
    expect(button).toHaveFocus();
    await user.tab({ shift: true });
    expect(ids(card)).toEqual(['newer', 'older']);
  });

  test('of what is no longer known go, whoever points at them', () => {
    const card = unfold(showCard({ operations: [newer, older] }));
    fireEvent.mouseEnter(
      within(card).getByRole('list', { name: 'Operations' })
    );
    become({ operations: [newer] });
    expect(ids(card)).toEqual(['newer']);
  });
});

describe('the endpoint', () => {
  function showEndpoint(changes: Partial<Endpoint>): HTMLElement {
    const event = snapshot(connection({ name: 'analysis', state: 'ready' }));
    harness.say({ ...event, endpoint: { ...event.endpoint, ...changes } });
    harness.show();
    return document.querySelector<HTMLElement>(
      '[data-firesteel-field="endpoint"]'
    )!;
  }

  test('is told as host and port', () => {
    expect(showEndpoint({})).toHaveTextContent('127.0.0.1:15002');
  });

  test('of the sixth version of IP has its brackets', () => {
    expect(showEndpoint({ host: '::1' })).toHaveTextContent('[::1]:15002');
  });

  test('that has no port says why, and is not copied', () => {
    const field = showEndpoint({ port: 0, problem: 'All ports are taken.' });
    expect(field).toHaveTextContent('All ports are taken.');
    expect(within(field).queryByRole('button')).toBeNull();
  });

  test.each([
    [true, 'true'],
    [false, 'false']
  ])('says that it was copied only if it was: %s', async (copied, shown) => {
    harness.result = copied;
    const field = showEndpoint({});
    const button = within(field).getByRole('button', { name: 'Copy endpoint' });
    await user.click(button);
    await act(async () => jest.advanceTimersByTimeAsync(0));
    expect(harness.executed).toEqual([
      [CommandIDs.copyEndpoint, { name: 'analysis' }]
    ]);
    expect(button).toHaveAttribute('data-copied', shown);
  });
});

test('what runs does not make the rest of the card anew', () => {
  const card = showCard({ sessions: [session()] });
  const asked = jest.spyOn(harness.commands, 'isEnabled');
  become({ sessions: [session()], operations: [operation()] });
  expect(card.querySelector('summary')).toHaveTextContent('1 operation runs');
  expect(asked).not.toHaveBeenCalled();
});
