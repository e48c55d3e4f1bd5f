// SPDX-License-Identifier: Apache-2.0
import { ApiError, type Preview } from '@firesteel/client';
import { catalog, connection, snapshot } from '../../client/test/samples';
import { draftChanges, draftOf, placeProblems, withOptions } from '../src/form';
import { bundleFits } from '../src/catalogmodel';
import { firstSentence, OptionDocs } from '../src/optiondocs';
import { PAUSE } from '../src/preview';
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

const settle = (milliseconds = 0): Promise<void> =>
  jest.advanceTimersByTimeAsync(milliseconds);

const preview = (problems: Preview['problems']): Preview => ({
  options: [],
  given: {},
  environment: [],
  problems
});

describe('a preview', () => {
  test('is asked for when the form opens, and when nothing more is typed', async () => {
    harness.know();
    const { form } = harness.model;
    form.open();
    await settle();
    expect(harness.api.preview).toHaveBeenCalledTimes(1);
    for (const value of ['1', '12', '123']) {
      const options = [{ key: 0, name: 'spark.a', value }];
      form.change({ options }, 'options.0');
      await settle(PAUSE - 1);
    }
    expect(harness.api.preview).toHaveBeenCalledTimes(1);
    await settle(1);
    expect(harness.api.preview).toHaveBeenCalledTimes(2);
    expect(harness.api.preview).toHaveBeenLastCalledWith({
      cluster: 'local',
      bundles: [],
      options: { 'spark.a': '123' },
      environment: {}
    });
  });

  test('that comes too late is dropped', async () => {
    harness.know();
    const { form } = harness.model;
    form.open();
    await settle();
    const answers: ((value: Preview) => void)[] = [];
    harness.api.preview.mockImplementation(
      () => new Promise(resolve => answers.push(resolve))
    );
    form.change({ cluster: 'first' }, 'cluster');
    await settle(PAUSE);
    form.change({ cluster: 'second' }, 'cluster');
    await settle(PAUSE);
    const problem = {
      field: 'cluster',
      severity: 'error' as const,
      message: 'second'
    };
    answers[1](preview([problem]));
    await settle();
    answers[0](preview([{ ...problem, message: 'first' }]));
    await settle();
    expect(form.findings().errors).toEqual({ cluster: 'second' });
    expect(form.getState()?.check.open).toBe(false);
  });

  test('that can’t be had says why, and keeps from nothing', async () => {
    harness.know();
    harness.api.preview.mockRejectedValue(
      new ApiError(500, { code: 'internal', message: 'Broken.' })
    );
    const { form } = harness.model;
    form.open();
    await settle();
    expect(form.getState()?.check.problem?.message).toBe('Broken.');
    await form.submit();
    expect(harness.api.create).toHaveBeenCalledTimes(1);
  });

  test('is not asked for after the form is closed', async () => {
    harness.know();
    const { form } = harness.model;
    form.open();
    form.change({ cluster: 'x' }, 'cluster');
    form.close();
    await settle(PAUSE);
    expect(harness.api.preview).not.toHaveBeenCalled();
  });
});

describe('the catalogue', () => {
  test('is read once for each of its revisions', async () => {
    harness.know();
    await settle();
    harness.know();
    await settle();
    expect(harness.api.catalog).toHaveBeenCalledTimes(1);
    const { clusters } = snapshot();
    harness.say({ type: 'catalog', revision: 2, clusters });
    await settle();
    expect(harness.api.catalog).toHaveBeenCalledTimes(2);
  });

  test('that fails is not asked for again and again, but by the next form', async () => {
    harness.api.catalog.mockRejectedValueOnce(new TypeError('x'));
    harness.know();
    await settle();
    harness.know();
    await settle();
    expect(harness.api.catalog).toHaveBeenCalledTimes(1);
    expect(harness.model.catalog.getState().problem).toBeDefined();
    harness.model.form.open();
    await settle();
    expect(harness.model.catalog.getState().catalog).toBeDefined();
  });

  test('says which cluster a form begins with, also when it comes late', async () => {
    const { clusters } = snapshot();
    const all = [...clusters, { ...clusters[0], name: 'k8s' }];
    harness.api.catalog.mockResolvedValue(
      catalog({ clusters: all, preselected: 'k8s' })
    );
    harness.say({ ...snapshot(), clusters: all });
    harness.model.form.open();
    expect(harness.model.form.getState()?.draft.cluster).toBe('local');
    await settle();
    expect(harness.model.form.getState()?.draft.cluster).toBe('k8s');
    expect(harness.model.form.changes()).toBeUndefined();
  });

  test('never changes a cluster that was chosen', async () => {
    const { clusters } = snapshot();
    const all = [...clusters, { ...clusters[0], name: 'k8s' }];
    harness.api.catalog.mockResolvedValue(
      catalog({ clusters: all, preselected: 'k8s' })
    );
    harness.say({ ...snapshot(), clusters: all });
    harness.model.form.open();
    harness.model.form.change({ bundles: ['b'] }, 'bundles.b');
    await settle();
    expect(harness.model.form.getState()?.draft.cluster).toBe('local');
  });

  test.each([
    [[], [], true],
    [['local'], [], true],
    [['k8s'], [], false],
    [[], ['4.1'], true],
    [[], ['4.1.2'], true],
    [[], ['4.10', '4'], true],
    [[], ['4.10'], false]
  ])('a bundle for %j and %j fits: %s', (clusters, spark_versions, fits) => {
    const bundle = {
      name: 'b',
      display_name: '',
      options: [],
      complete: true,
      clusters,
      spark_versions
    };
    expect(bundleFits(bundle, 'local', '4.1.2')).toBe(fits);
  });
});

describe('a running connection', () => {
  const RUNS = connection({
    name: 'a',
    state: 'ready',
    options: { 'spark.a': '1' }
  });
  const become = (state: 'stopping' | 'stopped' | 'failed'): void =>
    harness.say({ type: 'connection', connection: { ...RUNS, state } });
  const change = (): void =>
    harness.model.form.change({ options: [] }, 'options.0');

  beforeEach(() => {
    harness.know(RUNS);
    harness.model.form.edit('a');
  });

  test('needs a restart as soon as something is changed', () => {
    const { form } = harness.model;
    expect(form.runs()).toBe(true);
    expect(form.canSubmit()).toBe(false);
    change();
    expect(form.canSubmit()).toBe(true);
    expect(form.changes()).toEqual({
      cluster: false,
      bundles: false,
      options: 1,
      environment: false
    });
  });

  test('is stopped, and started with what was changed once it has', async () => {
    change();
    const done = harness.model.form.submit();
    await settle();
    expect(harness.api.stop).toHaveBeenCalledWith('a');
    become('stopping');
    await settle(20_000);
    expect(harness.api.start).not.toHaveBeenCalled();
    expect(harness.model.form.getState()?.busy).toBe('stop');
    become('stopped');
    await done;
    expect(harness.api.start).toHaveBeenCalledWith('a', {
      cluster: 'local',
      bundles: [],
      options: {},
      environment: {}
    });
    expect(harness.model.form.getState()).toBeUndefined();
  });

  test('stays as it is when the user doesn’t agree', async () => {
    harness.model.form.agree = () => Promise.resolve(false);
    change();
    await harness.model.form.submit();
    expect(harness.api.stop).not.toHaveBeenCalled();
    expect(harness.model.form.getState()?.busy).toBeUndefined();
  });

  test('that doesn’t stop is not waited for without end', async () => {
    change();
    const done = harness.model.form.submit();
    await settle(120_000);
    await done;
    expect(harness.api.start).not.toHaveBeenCalled();
    expect(harness.model.form.getState()?.problem?.message).toMatch(
      /did not stop within 90 s/
    );
  });

  test('that is removed meanwhile ends the waiting', async () => {
    change();
    const done = harness.model.form.submit();
    await settle();
    harness.say({ type: 'removed', name: 'a' });
    await done;
    expect(harness.model.form.getState()?.problem?.message).toMatch(/removed/);
  });
});

describe('what came from elsewhere', () => {
  test('replaces options of the same name, and is counted', () => {
    const rows = [
      { key: 0, name: 'spark.a', value: '1' },
      { key: 4, name: '', value: '' },
      { key: 7, name: 'spark.b', value: 'same' }
    ];
    const options = { 'spark.a': '2', 'spark.b': 'same', 'spark.c': '3' };
    expect(withOptions(rows, options)).toEqual({
      rows: [
        { key: 0, name: 'spark.a', value: '2' },
        { key: 7, name: 'spark.b', value: 'same' },
        { key: 8, name: 'spark.c', value: '3' }
      ],
      replaced: 1
    });
  });

  test('fills a form, and starts nothing', async () => {
    harness.know(connection({ name: 'analysis' }));
    harness.model.form.fill('analysis', {
      cluster: 'k8s',
      bundles: ['b'],
      options: { 'spark.a': '1' }
    });
    await settle(1_000);
    expect(harness.model.form.getState()?.draft).toMatchObject({
      name: 'analysis-2',
      cluster: 'k8s',
      bundles: ['b'],
      options: [{ key: 0, name: 'spark.a', value: '1' }]
    });
    expect(harness.api.create).not.toHaveBeenCalled();
    expect(harness.api.start).not.toHaveBeenCalled();
  });
});

describe('what a preview finds wrong', () => {
  const draft = draftOf(
    connection({ bundles: ['b'], options: { 'spark.a': '1' } })
  );
  test('is placed at its fields', () => {
    const problem = (field: string, severity: 'error' | 'warning') => ({
      field,
      severity,
      message: 'No.',
      advice: 'Else.'
    });
    const other = problem('options.spark.other', 'error');
    const placed = placeProblems(
      [
        problem('options.spark.a', 'warning'),
        problem('options.spark.a', 'warning'),
        problem('bundles.b', 'error'),
        problem('cluster', 'error'),
        problem('environment.python', 'error'),
        other
      ],
      draft
    );
    expect(placed).toEqual({
      errors: {
        'bundles.b': 'No. Else.',
        cluster: 'No. Else.',
        'environment.python': 'No. Else.'
      },
      warnings: { 'options.0': 'No. Else. No. Else.' },
      others: [other]
    });
  });

  test('nothing changed is no change, whatever the order of options', () => {
    const [one, other] = [
      draftOf(connection({ options: { a: '1', b: '2' } })),
      draftOf(connection({ options: { b: '2', a: '1' } }))
    ];
    expect(draftChanges(one, other)).toBeUndefined();
    expect(draftChanges(one, { ...other, javaHome: '/j' })?.environment).toBe(
      true
    );
  });
});

describe('documentation', () => {
  test('is asked for once, and again after a failure', async () => {
    const found = { options: [], total: 0 };
    const sparkOptions = jest.fn().mockResolvedValue(found);
    const docs = new OptionDocs({ sparkOptions });
    await docs.search(' cores ');
    await docs.search('cores');
    expect(sparkOptions).toHaveBeenCalledTimes(1);
    sparkOptions.mockRejectedValueOnce(new Error('x'));
    await expect(docs.search('mem')).rejects.toThrow();
    await docs.search('mem');
    expect(sparkOptions).toHaveBeenCalledTimes(3);
  });

  test.each([
    ['How many. Each.', 'How many.'],
    ['Of e.g. two\n  things. More', 'Of e.g. two things.'],
    ['No end', 'No end'],
    ['', '']
  ])('of %j one sentence is %j', (text, sentence) => {
    expect(firstSentence(text)).toBe(sentence);
  });
});
