// SPDX-License-Identifier: Apache-2.0
/** What a notebook asks for, as it is seen and used. */
import { ApiError } from '@firesteel/client';
import { act, screen, within } from '@testing-library/react';
import { connection, STAND_IN } from '../../client/test/samples';
import { CommandIDs } from '../src/commands';
import { FakeNotebook } from './fakenotebook';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
});

const ASKS = {
  cluster_name: 'local',
  bundled_options: ['b'],
  list_of_options: [{ name: 'spark.executor.cores', value: '2' }]
};

async function show(value: unknown): Promise<HTMLElement | null> {
  harness.show();
  await act(async () => {
    harness.model.attached.follow(new FakeNotebook(value));
    await Promise.resolve();
  });
  return screen.queryByRole('region', { name: 'n.ipynb' });
}

function labels(part: HTMLElement): (string | null)[] {
  return within(part)
    .queryAllByRole('button')
    .map(button => button.textContent);
}

describe('the part of the notebook', () => {
  test('is not there without anything to say', async () => {
    harness.know(connection({ state: 'stopped' }));
    expect(await show(undefined)).toBeNull();
  });

  test('offers to keep what runs', async () => {
    harness.know(connection({ name: 'analysis' }));
    const part = (await show(undefined))!;
    expect(part).toHaveTextContent('Keeps no Spark configuration.');
    expect(labels(part)).toEqual(['Attach “analysis”']);
  });

  test('lists all that one click would start', async () => {
    harness.know();
    const part = (await show(ASKS))!;
    expect(part).toHaveTextContent(
      'This notebook asks for: local · 1 bundle · 1 option'
    );
    const listed = within(part).getByRole('region', {
      name: 'What would be started'
    });
    expect(listed).toHaveTextContent(
      'clusterlocalbundlebspark.executor.cores2'
    );
    expect(labels(part)).toEqual(['Start it', 'Edit first…', 'Detach']);
  });

  test('wants a look first when code could run, or it isn’t whole', async () => {
    harness.know();
    const list_of_options = [
      { name: 'spark.driver.extraJavaOptions', value: '-javaagent:/tmp/x' },
      { name: 'a\u0000', value: '' }
    ];
    const part = (await show({ cluster_name: 'gone', list_of_options }))!;
    expect(labels(part)).toEqual(['Start it…', 'Detach']);
    expect(part).toHaveTextContent('There is no cluster “gone” here.');
    expect(part).toHaveTextContent(
      'Can run code as you when it starts: spark.driver.extraJavaOptions'
    );
    expect(part).toHaveTextContent('A part of it can’t be used.');
  });

  test('says when another one runs, and when it is the same', async () => {
    harness.know(connection({ name: 'analysis' }));
    const part = (await show(ASKS))!;
    expect(part).toHaveTextContent('differs from “analysis”');
    expect(labels(part)).toEqual([
      'Start it…',
      'Difference',
      'Overwrite',
      'Detach'
    ]);
    act(() =>
      harness.say({
        type: 'connection',
        connection: connection({
          name: 'analysis',
          bundles: ['b'],
          options: { 'spark.executor.cores': '2' }
        })
      })
    );
    expect(part).toHaveTextContent(
      '“analysis” is what this notebook asks for.'
    );
    expect(labels(part)).toEqual(['Detach']);
    expect(
      part.querySelector(`[data-command="${CommandIDs.detachConfig}"]`)
    ).not.toBeNull();
  });

  test('shows hostile words as words, and no secrets', async () => {
    harness.know();
    const part = (await show({
      list_of_options: [
        { name: '<img/src=x>', value: '<b>x</b>' },
        { name: 'spark.token', value: 'hunter2' }
      ]
    }))!;
    expect(part.querySelector('img, b')).toBeNull();
    expect(part).toHaveTextContent('<img/src=x>');
    expect(part).not.toHaveTextContent('hunter2');
  });
});

describe('a notebook', () => {
  const settle = () => new Promise(resolve => setTimeout(resolve, 10));

  test('starts nothing by being open, whatever is in it', async () => {
    harness.know();
    await show({ ...ASKS, firesteel: { connection: 'evil', start: true } });
    await act(settle);
    expect(harness.api.create).not.toHaveBeenCalled();
    expect(harness.api.start).not.toHaveBeenCalled();
  });

  test('has what it asks for started by a click, under a free name', async () => {
    harness.know(connection({ name: 'analysis', state: 'stopped' }));
    await show({ ...ASKS, firesteel: { connection: 'analysis' } });
    await act(() => harness.model.attached.start());
    // The user's own connection of that name is another one, and stays.
    expect(harness.api.start).not.toHaveBeenCalled();
    expect(harness.api.create).toHaveBeenCalledWith({
      name: 'analysis-2',
      cluster: 'local',
      bundles: ['b'],
      options: { 'spark.executor.cores': '2' }
    });
  });

  test('has a connection that is just that started again', async () => {
    harness.know(
      connection({
        name: 'analysis',
        state: 'stopped',
        bundles: ['b'],
        options: { 'spark.executor.cores': '2', 'spark.my.token': STAND_IN }
      })
    );
    await show({ ...ASKS, firesteel: { connection: 'analysis' } });
    await act(() => harness.model.attached.start());
    expect(harness.api.start).toHaveBeenCalledWith('analysis');
    expect(harness.api.create).not.toHaveBeenCalled();
  });

  test('with a secret of its own gets a connection that has it', async () => {
    harness.know(
      connection({
        name: 'analysis',
        state: 'stopped',
        options: { 'spark.my.token': STAND_IN }
      })
    );
    await show({
      list_of_options: [{ name: 'spark.my.token', value: 'mine' }],
      firesteel: { connection: 'analysis' }
    });
    await act(() => harness.model.attached.start());
    expect(harness.api.start).not.toHaveBeenCalled();
    expect(harness.api.create).toHaveBeenCalledWith({
      name: 'analysis-2',
      bundles: [],
      options: { 'spark.my.token': 'mine' }
    });
  });

  test('with somebody’s stand-in wants a look, and the form lacks it', async () => {
    harness.know();
    const part = (await show({
      list_of_options: [
        { name: 'spark.a', value: '1' },
        { name: 'spark.my.token', value: STAND_IN }
      ]
    }))!;
    expect(labels(part)).toEqual(['Start it…', 'Detach']);
    expect(part).toHaveTextContent('spark.my.token: only stands for');
    await act(async () => {
      harness.model.attached.review();
      await settle();
    });
    expect(harness.model.form.getState()?.draft.options).toEqual([
      { key: 0, name: 'spark.a', value: '1' }
    ]);
  });

  test('that wants a look is not started, but fills the form', async () => {
    harness.know();
    await show({ list_of_options: [{ name: 'spark.plugins', value: 'x.Y' }] });
    await act(() => harness.model.attached.start());
    expect(harness.api.create).not.toHaveBeenCalled();
    await act(async () => {
      harness.model.attached.review();
      await settle();
    });
    expect(screen.getByRole('form')).toHaveTextContent(
      'Look before you start it.'
    );
    expect(harness.model.form.getState()?.draft.options).toEqual([
      { key: 0, name: 'spark.plugins', value: 'x.Y' }
    ]);
    expect(harness.api.create).not.toHaveBeenCalled();
  });

  test('says why the start was refused', async () => {
    harness.know();
    const part = (await show(ASKS))!;
    harness.api.create.mockRejectedValueOnce(
      new ApiError(400, { code: 'invalid_option', message: 'No.' })
    );
    await act(() => harness.model.attached.start());
    expect(within(part).getByRole('alert')).toHaveTextContent('No.');
  });

  test('keeps a connection’s configuration, and gives it up', () => {
    harness.know(
      connection({
        name: 'analysis',
        options: { 'spark.a': '1', 'spark.a.password': STAND_IN }
      })
    );
    const notebook = new FakeNotebook({ theirs: 1 });
    const { attached } = harness.model;
    attached.follow(notebook);
    expect(attached.attach('analysis')?.leftOut).toEqual(['spark.a.password']);
    expect(JSON.stringify(notebook.value)).not.toContain('password');
    expect(attached.relation().kind).toBe('same');
    attached.detach();
    expect(notebook.value).toEqual({ theirs: 1 });
  });

  test('that can’t be written stays as it is', () => {
    harness.know(connection({ name: 'analysis' }));
    const notebook = new FakeNotebook(ASKS);
    notebook.readOnly = true;
    const { attached } = harness.model;
    attached.follow(notebook);
    expect(attached.attach('analysis')).toBeUndefined();
    attached.detach();
    expect(notebook.written).toBe(0);
  });
});
