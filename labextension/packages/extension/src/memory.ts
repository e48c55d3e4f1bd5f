// SPDX-License-Identifier: Apache-2.0
import type { IFiresteel } from '@firesteel/panels';
import type { IStateDB } from '@jupyterlab/statedb';

const KEY = 'firesteel:unfolded';

/** Keep in Lab's state which connections have their users listed. */
export async function rememberUnfolded(
  { model, store }: Pick<IFiresteel, 'model' | 'store'>,
  state: Pick<IStateDB, 'fetch' | 'save'>
): Promise<void> {
  const kept: unknown = await state.fetch(KEY).catch(() => undefined);
  for (const name of Array.isArray(kept) ? (kept as unknown[]) : []) {
    if (typeof name === 'string') {
      model.setUnfolded(name, true);
    }
  }
  let saved = model.getState().unfolded;
  model.subscribe(() => {
    const { unfolded } = model.getState();
    if (unfolded === saved) {
      return;
    }
    saved = unfolded;
    // Those that were removed meanwhile are not worth keeping.
    const names = [...unfolded].filter(name => store.find(name));
    // What can't be kept is folded after the next reload.
    state.save(KEY, names).catch(() => undefined);
  });
}
