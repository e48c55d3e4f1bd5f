// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode, ErrorReply } from './types';

/** The daemon answered, and refused. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly advice?: string;
  /** The request's field that was refused, e.g. `options.spark.executor.cores`. */
  readonly field?: string;

  constructor(status: number, error: ErrorReply['error']) {
    super(error.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = error.code;
    this.advice = error.advice;
    this.field = error.field;
  }
}

/** Why no answer of the daemon came. */
export type UnreachableCause =
  /** No answer from the Jupyter server at all. */
  | 'network'
  /** No answer within the deadline. */
  | 'timeout'
  /** The Jupyter server wants a login (401, 403). */
  | 'login'
  /** The Jupyter server knows no such address: its Firesteel part is not enabled. */
  | 'not_installed'
  /** The Jupyter server answered in the daemon's place, e.g. as it could not start it. */
  | 'proxy';

/** The daemon did not answer. */
export class UnreachableError extends Error {
  readonly cause: UnreachableCause;
  /** The HTTP status that came in place of the daemon's, if one did. */
  readonly status?: number;

  constructor(cause: UnreachableCause, message: string, status?: number) {
    super(message);
    this.name = 'UnreachableError';
    this.cause = cause;
    this.status = status;
  }
}

function isErrorReply(body: unknown): body is ErrorReply {
  const error = (body as ErrorReply | null)?.error;
  return typeof error?.message === 'string' && typeof error.code === 'string';
}

function causeOf(status: number): UnreachableCause {
  if (status === 401 || status === 403) {
    return 'login';
  }
  return status === 404 ? 'not_installed' : 'proxy';
}

/**
 * The error that a refused request means.
 *
 * @param status HTTP status, 300 or more
 * @param body the reply's body: JSON of the daemon, or whatever stood in its place
 */
export function errorOfReply(
  status: number,
  body: unknown
): ApiError | UnreachableError {
  if (isErrorReply(body)) {
    return new ApiError(status, body.error);
  }
  return new UnreachableError(
    causeOf(status),
    `The Jupyter server answered ${status} in place of Firesteel.`,
    status
  );
}
