// SPDX-License-Identifier: Apache-2.0
import { connection } from '../../client/test/samples';
import { Harness } from '../../panels/test/harness';
import { rememberUnfolded } from '../src/memory';

let harness: Harness;
const state = {
  fetch: jest.fn<Promise<never>, [string]>(),
  save: jest.fn<Promise<unknown>, [string, unknown]>()
};

beforeEach(() => {
  harness = new Harness();
  harness.know(connection({ name: 'a' }), connection({ name: 'b' }));
  state.fetch.mockReset().mockResolvedValue(undefined as never);
  state.save.mockReset().mockResolvedValue(undefined);
});

afterEach(() => {
  harness.dispose();
});

function unfolded(): string[] {
  return [...harness.model.getState().unfolded];
}

test('what was unfolded is so after a reload', async () => {
  state.fetch.mockResolvedValue(['a', 'gone'] as never);
  await rememberUnfolded(harness, state);
  expect(unfolded()).toEqual(['a', 'gone']);
  harness.model.setUnfolded('b', true);
  expect(state.save.mock.calls).toEqual([['firesteel:unfolded', ['a', 'b']]]);
});

test('what is folded again is forgotten', async () => {
  await rememberUnfolded(harness, state);
  harness.model.setUnfolded('a', true);
  harness.model.setUnfolded('a', false);
  expect(state.save).toHaveBeenLastCalledWith('firesteel:unfolded', []);
});

test('other changes are not saved', async () => {
  await rememberUnfolded(harness, state);
  harness.model.setVisible(true);
  expect(state.save).not.toHaveBeenCalled();
});

test.each(['no list', { a: 1 }, [1, null]])(
  'what makes no sense is ignored: %j',
  async kept => {
    state.fetch.mockResolvedValue(kept as never);
    await rememberUnfolded(harness, state);
    expect(unfolded()).toEqual([]);
  }
);

test('a memory that fails is none', async () => {
  state.fetch.mockRejectedValue(new Error('no'));
  state.save.mockRejectedValue(new Error('no'));
  await rememberUnfolded(harness, state);
  harness.model.setUnfolded('a', true);
  expect(unfolded()).toEqual(['a']);
});
