// SPDX-License-Identifier: Apache-2.0
import type { IFiresteel } from '@firesteel/panels';
import { connection, STAND_IN } from '../../client/test/samples';
import { Harness } from '../../panels/test/harness';
import { FakeNotebook } from '../../panels/test/fakenotebook';
import { KernelRequests } from '../src/kernelcomm';

let harness: Harness;
let notebook: FakeNotebook;
let requests: KernelRequests;
let now: number;

beforeEach(() => {
  harness = new Harness();
  harness.know(
    connection({
      name: 'analysis',
      options: { 'spark.a': '1', 'spark.a.password': STAND_IN }
    })
  );
  notebook = new FakeNotebook();
  now = 0;
  requests = new KernelRequests(
    harness as unknown as IFiresteel,
    harness.trans,
    () => now
  );
});

afterEach(() => {
  harness.dispose();
});

test('a kernel has its notebook’s configuration attached, without secrets', () => {
  harness.model.attached.follow(notebook);
  const answer = requests.answer(notebook, { connection: 'analysis' });
  expect(answer.status).toBe('attached');
  expect(answer.message).toMatch(/“analysis”.*1 option.*Secret.*: 1/);
  expect(notebook.value).toMatchObject({
    list_of_options: [{ name: 'spark.a', value: '1' }]
  });
  expect(harness.model.attached.getState().said).toBe(answer.message);
});

test('another notebook’s kernel says nothing on this one’s part', () => {
  harness.model.attached.follow(new FakeNotebook());
  notebook.path = 'other.ipynb';
  requests.answer(notebook, { connection: 'analysis' });
  expect(harness.model.attached.getState().said).toBeUndefined();
});

test.each([
  [undefined],
  [null],
  [[]],
  ['analysis'],
  [{}],
  [{ connection: 7 }],
  [{ connection: { toString: () => 'analysis' } }],
  [{ connection: '../analysis' }],
  [{ connection: 'x'.repeat(100_000) }],
  [{ connection: 'other' }],
  [{ start: 'analysis', config: { cluster_name: 'x' } }]
])('of %j nothing is attached and nothing started', data => {
  const answer = requests.answer(notebook, data);
  expect(answer.status).toBe('refused');
  expect(answer.message.length).toBeLessThan(200);
  expect(notebook.written).toBe(0);
  expect(harness.api.create).not.toHaveBeenCalled();
  expect(harness.api.start).not.toHaveBeenCalled();
});

test('a kernel that asks all the time is not listened to', () => {
  const ask = () => requests.answer(notebook, { connection: 'analysis' });
  ask();
  now = 499;
  expect(ask().status).toBe('refused');
  now = 500;
  expect(ask().status).toBe('attached');
  expect(notebook.written).toBe(2);
});

test('a notebook that can’t be changed is not', () => {
  notebook.readOnly = true;
  const ask = (which?: FakeNotebook) =>
    requests.answer(which, { connection: 'analysis' }).status;
  expect(ask(notebook)).toBe('refused');
  expect(notebook.written).toBe(0);
});
