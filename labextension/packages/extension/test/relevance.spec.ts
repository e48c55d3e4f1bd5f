// SPDX-License-Identifier: Apache-2.0
import type { IFiresteel } from '@firesteel/panels';
import {
  activity,
  connection,
  operation,
  session
} from '../../client/test/samples';
import { Harness } from '../../panels/test/harness';
import { onRelevantChange } from '../src/relevance';

let harness: Harness;
const listener = jest.fn();

beforeEach(() => {
  harness = new Harness();
  harness.know(connection());
  listener.mockClear();
  onRelevantChange(harness as unknown as IFiresteel, listener);
});

afterEach(() => {
  harness.dispose();
});

test('a changed connection is told', () => {
  harness.say({ type: 'connection', connection: connection() });
  expect(listener).toHaveBeenCalledTimes(1);
});

test('what begins and ends to run is told, and no step between', () => {
  const step = (completed: number, state: 'running' | 'finished'): void => {
    const item = operation({ tasks: 10, completed_tasks: completed, state });
    harness.say(activity({ operations: [item] }));
  };
  step(0, 'running');
  expect(listener).toHaveBeenCalledTimes(1);
  step(3, 'running');
  step(9, 'running');
  expect(listener).toHaveBeenCalledTimes(1);
  step(10, 'finished');
  expect(listener).toHaveBeenCalledTimes(2);
});

test('a session that begins to run something is told', () => {
  harness.say(activity({ sessions: [session()] }));
  listener.mockClear();
  harness.say(activity({ sessions: [session({ running: 1 })] }));
  expect(listener).toHaveBeenCalledTimes(1);
});

test('what is asked for is told until it is answered', async () => {
  await harness.model.interrupt('analysis');
  expect(listener).toHaveBeenCalledTimes(2);
  harness.model.setVisible(true);
  expect(listener).toHaveBeenCalledTimes(2);
});
