// SPDX-License-Identifier: Apache-2.0
import type { INotebook } from '../src/attachedmodel';

/** A notebook whose metadata is the test's. */
export class FakeNotebook implements INotebook {
  path = 'work/n.ipynb';
  readOnly = false;
  written = 0;
  private readonly _listeners = new Set<() => void>();

  constructor(public value?: unknown) {}

  read(): unknown {
    return this.value;
  }

  write(value: unknown): void {
    this.value = value;
    this.written += 1;
    this._listeners.forEach(listener => listener());
  }

  subscribe(listener: () => void): () => void {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }
}
