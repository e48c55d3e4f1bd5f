// SPDX-License-Identifier: Apache-2.0
import { isRunning, operationKey } from '@firesteel/client';
import type { IFiresteel } from '@firesteel/panels';

/**
 * Call `listener` when what commands depend on has changed: not at each step
 * that running operations make, which may be four in a second.
 */
export function onRelevantChange(
  { store, model }: IFiresteel,
  listener: () => void
): void {
  let before = relevant({ store, model });
  const look = (): void => {
    const now = relevant({ store, model });
    if (now.some((part, index) => part !== before[index])) {
      before = now;
      listener();
    }
  };
  store.subscribe(look);
  model.subscribe(look);
  model.form.subscribe(look);
  model.catalog.subscribe(look);
  model.attached.subscribe(look);
}

function relevant({
  store,
  model
}: Pick<IFiresteel, 'store' | 'model'>): unknown[] {
  const { known, connections, activity } = store.getState();
  const { pending, asking } = model.getState();
  const running = [...activity].flatMap(([name, { operations, sessions }]) => [
    name,
    ...operations.filter(isRunning).map(operationKey),
    ...sessions.filter(item => item.running > 0).map(item => item.session_id)
  ]);
  return [
    known,
    connections,
    pending,
    asking,
    running.join('\n'),
    model.form.getState()?.draft,
    model.catalog.getState().presets,
    model.attached.getState()
  ];
}
