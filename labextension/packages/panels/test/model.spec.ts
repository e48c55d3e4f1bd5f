// SPDX-License-Identifier: Apache-2.0
import { ApiError, UnreachableError } from '@firesteel/client';
import { connection } from '../../client/test/samples';
import { own } from '../src/model';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
});

const EXISTS = new ApiError(409, {
  code: 'connection_exists',
  message: 'There is one.',
  advice: 'Take another name.'
});

test('a connection may be called as objects call their own things', () => {
  expect(own({}, 'constructor')).toBeUndefined();
  expect(own({ constructor: 'starting' }, 'constructor')).toBe('starting');
});

describe('the first connection', () => {
  test('is named after the cluster', async () => {
    harness.know();
    await harness.model.startFirst();
    expect(harness.api.create).toHaveBeenCalledWith({
      name: 'local',
      cluster: 'local'
    });
  });

  test('is named as the settings say', async () => {
    harness.know();
    harness.model.wishedName = 'mine';
    await harness.model.startFirst();
    expect(harness.api.create).toHaveBeenCalledWith({
      name: 'mine',
      cluster: 'local'
    });
  });

  test('is asked for once, however often one clicks', async () => {
    harness.know();
    await Promise.all([harness.model.startFirst(), harness.model.startFirst()]);
    expect(harness.api.create).toHaveBeenCalledTimes(1);
  });

  test('says why it was refused, and can be asked for again', async () => {
    harness.know();
    harness.api.create.mockRejectedValueOnce(EXISTS);
    await harness.model.startFirst();
    expect(harness.model.getState().quickStart).toEqual({
      busy: false,
      problem: { message: 'There is one.', advice: 'Take another name.' }
    });
    await harness.model.startFirst();
    expect(harness.model.getState().quickStart).toEqual({ busy: false });
  });
});

describe('an action', () => {
  test('is pending until it is answered', async () => {
    let answer = (): void => undefined;
    harness.api.stop.mockReturnValue(
      new Promise<void>(resolve => (answer = resolve))
    );
    const done = harness.model.run('a', 'stop');
    expect(harness.model.getState().pending).toEqual({ a: 'stop' });
    await harness.model.run('a', 'restart');
    expect(harness.api.restart).not.toHaveBeenCalled();
    answer();
    await done;
    expect(harness.model.getState().pending).toEqual({});
  });

  test('that fails leaves its cause at the connection', async () => {
    harness.api.stop.mockRejectedValueOnce(
      new UnreachableError('login', 'x', 403)
    );
    await harness.model.run('a', 'stop');
    expect(harness.model.getState().problems.a.message).toMatch(/log in/);
    harness.model.dismissProblem('a');
    expect(harness.model.getState().problems).toEqual({});
  });
});

describe('what uses a connection', () => {
  test('can be interrupted, once while it is asked for', async () => {
    let answer = (): void => undefined;
    harness.api.interrupt.mockReturnValue(
      new Promise<void>(resolve => (answer = resolve))
    );
    const what = { session_id: 's', operation_id: 'o' };
    const done = harness.model.interrupt('a', what);
    expect(harness.model.isAsking('interrupt', 'a', what)).toBe(true);
    expect(harness.model.isAsking('interrupt', 'b', what)).toBe(false);
    expect(harness.model.isAsking('interrupt', 'a', {})).toBe(false);
    await harness.model.interrupt('a', what);
    expect(harness.api.interrupt.mock.calls).toEqual([['a', what]]);
    answer();
    await done;
    expect(harness.model.isAsking('interrupt', 'a', what)).toBe(false);
  });

  test('can be released, or the card says why not', async () => {
    await harness.model.release('a', 's');
    expect(harness.api.release).toHaveBeenCalledWith('a', 's');
    harness.api.release.mockRejectedValueOnce(
      new ApiError(409, { code: 'not_ready', message: 'It does not run.' })
    );
    await harness.model.release('a', 's');
    expect(harness.model.getState().problems.a.message).toBe(
      'It does not run.'
    );
  });

  test.each(['operation_not_found', 'session_not_found'] as const)(
    'had ended already: nothing is wrong (%s)',
    async code => {
      harness.api.interrupt.mockRejectedValueOnce(
        new ApiError(404, { code, message: 'No such thing.' })
      );
      await harness.model.interrupt('a', { session_id: 's' });
      expect(harness.model.getState().problems).toEqual({});
    }
  );

  test('is listed or folded away', () => {
    harness.model.setUnfolded('a', true);
    const { unfolded } = harness.model.getState();
    harness.model.setUnfolded('a', true);
    expect(harness.model.getState().unfolded).toBe(unfolded);
    expect([...unfolded]).toEqual(['a']);
    harness.model.setUnfolded('a', false);
    expect(harness.model.getState().unfolded.size).toBe(0);
  });
});

describe('the form', () => {
  beforeEach(() => {
    harness.know(connection({ name: 'local', options: { 'spark.a': '1' } }));
    harness.model.form.open();
  });

  test('begins with a name that is free', () => {
    expect(harness.model.form.getState()?.draft.name).toBe('local-2');
  });

  test('stays as it was typed when it is opened again', () => {
    harness.model.form.change({ name: 'typed' }, 'name');
    harness.model.form.open();
    expect(harness.model.form.getState()?.draft.name).toBe('typed');
  });

  test('that is wrong asks for nothing', async () => {
    harness.model.form.change({ name: 'local' }, 'name');
    await harness.model.form.submit();
    expect(harness.api.create).not.toHaveBeenCalled();
  });

  test('closes when the connection is created', async () => {
    await harness.model.form.submit();
    expect(harness.api.create).toHaveBeenCalledWith({
      name: 'local-2',
      cluster: 'local',
      bundles: [],
      options: {},
      environment: {}
    });
    expect(harness.model.form.getState()).toBeUndefined();
  });

  test('that was refused keeps what was typed, with the cause at its field', async () => {
    const options = [{ key: 0, name: 'spark.b', value: 'x' }];
    harness.model.form.change({ options }, 'options.0');
    harness.api.create.mockRejectedValueOnce(EXISTS);
    await harness.model.form.submit();
    const form = harness.model.form.getState();
    expect(form?.draft.options).toEqual(options);
    expect(form?.refused).toEqual({
      name: 'There is one. Take another name.'
    });
    expect(form?.busy).toBeUndefined();
    harness.model.form.change({ name: 'other' }, 'name');
    expect(harness.model.form.getState()?.refused).toEqual({});
  });

  test('does not complain of the name that it is just creating', async () => {
    harness.api.create.mockImplementation(() => {
      const created = connection({ name: 'local-2', state: 'starting' });
      harness.say({ type: 'connection', connection: created });
      expect(harness.model.form.errors()).toEqual({});
      return Promise.resolve(created);
    });
    await harness.model.form.submit();
    expect(harness.model.form.getState()).toBeUndefined();
  });

  test('for a connection starts that one as it was changed', async () => {
    harness.know(
      connection({
        name: 'local',
        state: 'stopped',
        options: { 'spark.a': '1' }
      })
    );
    harness.model.form.edit('local');
    harness.model.form.change({ options: [] }, 'options.0');
    await harness.model.form.submit();
    expect(harness.api.start).toHaveBeenCalledWith('local', {
      cluster: 'local',
      bundles: [],
      options: {},
      environment: {}
    });
  });
});

describe('the end of a start', () => {
  const ended = jest.fn();

  beforeEach(() => {
    ended.mockClear();
    harness.know(connection({ name: 'a', state: 'stopped' }));
    harness.model.onStartEnded(ended);
  });

  function become(state: 'starting' | 'ready' | 'failed', age = 0): void {
    harness.say({
      type: 'connection',
      connection: connection({ name: 'a', state, state_age_ms: age })
    });
  }

  test('is told once, when it was asked for here', async () => {
    await harness.model.run('a', 'start');
    become('starting');
    expect(ended).not.toHaveBeenCalled();
    become('ready');
    become('ready', 10);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test('is told when the failure came before the reply', async () => {
    harness.api.start.mockImplementation(() => {
      become('failed');
      return Promise.resolve({});
    });
    await harness.model.run('a', 'start');
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test('is not told when someone else asked', () => {
    become('starting');
    become('ready');
    expect(ended).not.toHaveBeenCalled();
  });

  test('is not what it was before a restart', async () => {
    await harness.model.run('a', 'restart');
    become('ready', 60_000);
    expect(ended).not.toHaveBeenCalled();
    become('ready');
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test('is not told of a start that was refused', async () => {
    harness.api.start.mockRejectedValueOnce(EXISTS);
    await harness.model.run('a', 'start');
    become('ready');
    expect(ended).not.toHaveBeenCalled();
  });
});
