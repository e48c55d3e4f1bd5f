// SPDX-License-Identifier: Apache-2.0
import { ApiError, UnreachableError } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { WaitedInVain } from './waiting';

/** Why something that was asked for was not done. */
export interface IProblem {
  readonly message: string;
  readonly advice?: string;
}

/** A failed request in words for people. */
export function problemOf(reason: unknown, trans: TranslationBundle): IProblem {
  if (reason instanceof ApiError) {
    return { message: reason.message, advice: reason.advice };
  }
  if (reason instanceof UnreachableError) {
    return unreachable(reason, trans);
  }
  if (reason instanceof WaitedInVain) {
    return inVain(reason, trans);
  }
  return { message: String(reason) };
}

function inVain(reason: WaitedInVain, trans: TranslationBundle): IProblem {
  const { connection, cause, milliseconds } = reason;
  return cause === 'removed'
    ? { message: trans.__('“%1” was removed meanwhile.', connection) }
    : {
        message: trans.__(
          '“%1” did not stop within %2 s.',
          connection,
          milliseconds / 1000
        ),
        advice: trans.__('Its log may say why. Try again when it has stopped.')
      };
}

function unreachable(
  error: UnreachableError,
  trans: TranslationBundle
): IProblem {
  switch (error.cause) {
    case 'login':
      return {
        message: trans.__('The Jupyter server wants you to log in again.'),
        advice: trans.__('Reload the page.')
      };
    case 'not_installed':
      return {
        message: trans.__('The Jupyter server knows nothing of Firesteel.'),
        advice: trans.__(
          'Install the firesteel package where Jupyter runs, then restart Jupyter.'
        )
      };
    case 'network':
      return { message: trans.__('The Jupyter server does not answer.') };
    case 'timeout':
      return { message: trans.__('Firesteel did not answer in time.') };
    case 'proxy':
      return {
        message: trans.__(
          'The Jupyter server could not reach Firesteel (status %1).',
          error.status ?? '?'
        ),
        advice: trans.__('Run “firesteel doctor” in a terminal.')
      };
  }
}
