// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';
import type { IProblem } from '../problem';
import { DismissButton } from './DismissButton';

/** Why something that was asked for was not done, and what helps. */
export function Problem(props: {
  readonly problem: IProblem;
  readonly onDismiss?: () => void;
}): JSX.Element {
  const { problem, onDismiss } = props;
  return (
    <div className="firesteel-Problem" role="alert">
      <div className="firesteel-Problem-words">
        <span>{problem.message}</span>{' '}
        {problem.advice && (
          <span className="firesteel-advice">{problem.advice}</span>
        )}
      </div>
      {onDismiss && <DismissButton onDismiss={onDismiss} />}
    </div>
  );
}
