// SPDX-License-Identifier: Apache-2.0
import type { FiresteelApi, Preview, StartRequest } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf, type IProblem } from './problem';

/** How long (milliseconds) nothing is typed before the daemon is asked. */
export const PAUSE = 300;

/** What the daemon says of the request that was asked about last. */
export interface IPreviewState {
  /** The latest answer; of an earlier request while one is `open`. */
  readonly preview?: Preview;
  /** Why there is no answer. */
  readonly problem?: IProblem;
  /** Whether the answer to what is typed now is still to come. */
  readonly open: boolean;
}

export const NO_PREVIEW: IPreviewState = { open: false };

/** Asks for previews as somebody types; answers that come too late are dropped. */
export class PreviewLoop {
  private _state = NO_PREVIEW;
  private _number = 0;
  private _timer?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly _api: Pick<FiresteelApi, 'preview'>,
    private readonly _trans: TranslationBundle,
    private readonly _onChanged: (state: IPreviewState) => void
  ) {}

  /** Ask about `request`, `pause` milliseconds from now unless asked again. */
  ask(request: StartRequest, pause = PAUSE): void {
    this._number += 1;
    clearTimeout(this._timer);
    this._set({ ...this._state, open: true });
    const number = this._number;
    this._timer = setTimeout(() => void this._fetch(request, number), pause);
  }

  /** Forget all; what still comes is dropped. */
  stop(): void {
    this._number += 1;
    clearTimeout(this._timer);
    this._state = NO_PREVIEW;
  }

  private async _fetch(request: StartRequest, number: number): Promise<void> {
    let state: IPreviewState;
    try {
      state = { preview: await this._api.preview(request), open: false };
    } catch (reason) {
      // A preview of something else would mislead.
      state = { problem: problemOf(reason, this._trans), open: false };
    }
    if (number === this._number) {
      this._set(state);
    }
  }

  private _set(state: IPreviewState): void {
    this._state = state;
    this._onChanged(state);
  }
}
