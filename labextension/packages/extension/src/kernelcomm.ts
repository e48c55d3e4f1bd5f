// SPDX-License-Identifier: Apache-2.0
import { NAME_MAX_LENGTH, NAME_PATTERN } from '@firesteel/client';
import {
  configWords,
  type IFiresteel,
  type INotebook
} from '@firesteel/panels';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Where a kernel's `attach_config()` is answered. */
export const COMM_TARGET = 'firesteel.attach';

/** How often (milliseconds) one notebook's kernel is listened to. */
const PAUSE = 500;

/** What a kernel is answered; `message` is for people. */
export interface IAnswer {
  readonly status: 'attached' | 'refused';
  readonly message: string;
}

/**
 * Answers the kernel of one notebook. A kernel can send anything: at most the
 * configuration of a connection that exists is attached to the kernel's own
 * notebook, without secrets; nothing is started.
 */
export class KernelRequests {
  private _before = -Infinity;

  constructor(
    private readonly _firesteel: IFiresteel,
    private readonly _trans: TranslationBundle,
    private readonly _now: () => number = () => performance.now()
  ) {}

  answer(notebook: INotebook | undefined, data: unknown): IAnswer {
    const trans = this._trans;
    const name = connectionName(data);
    if (name === undefined) {
      return refused(trans.__('The request names no connection.'));
    }
    if (this._now() - this._before < PAUSE) {
      return refused(trans.__('That was asked too often.'));
    }
    this._before = this._now();
    if (!notebook || notebook.readOnly) {
      return refused(trans.__('The notebook can’t be changed.'));
    }
    const { attached } = this._firesteel.model;
    const done = attached.attachTo(notebook, name);
    if (!done) {
      return refused(trans.__('There is no connection “%1”.', name));
    }
    const { config, leftOut } = done;
    const words = trans.__(
      'The configuration of “%1” is attached to the notebook: %2.',
      name,
      configWords(config, trans)
    );
    const secrets =
      leftOut.length > 0
        ? trans.__('Secret options were left out: %1.', leftOut.length)
        : '';
    const message = `${words} ${secrets}`.trim();
    attached.say(notebook, message);
    return { status: 'attached', message };
  }
}

function refused(message: string): IAnswer {
  return { status: 'refused', message };
}

function connectionName(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('connection' in data)) {
    return undefined;
  }
  const name: unknown = data.connection;
  return typeof name === 'string' &&
    name.length <= NAME_MAX_LENGTH &&
    NAME_PATTERN.test(name)
    ? name
    : undefined;
}
