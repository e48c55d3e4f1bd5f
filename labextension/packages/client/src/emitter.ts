// SPDX-License-Identifier: Apache-2.0

/** Tells its listeners that something changed; what, they read for themselves. */
export class Emitter {
  private readonly _listeners = new Set<() => void>();

  /** Listen; the function that is returned ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this._listeners.add(listener);
    return () => {
      this._listeners.delete(listener);
    };
  };

  emit(): void {
    for (const listener of [...this._listeners]) {
      listener();
    }
  }

  clear(): void {
    this._listeners.clear();
  }
}
