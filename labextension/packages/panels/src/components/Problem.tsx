// SPDX-License-Identifier: Apache-2.0
import { Button, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IProblem } from '../problem';
import { usePanel } from './context';

/** Why something that was asked for was not done, and what helps. */
export function Problem(props: {
  readonly problem: IProblem;
  readonly onDismiss?: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { problem, onDismiss } = props;
  return (
    <div className="firesteel-Problem" role="alert">
      <div className="firesteel-Problem-words">
        <span>{problem.message}</span>{' '}
        {problem.advice && (
          <span className="firesteel-advice">{problem.advice}</span>
        )}
      </div>
      {onDismiss && (
        <Button
          type="button"
          minimal
          small
          className="firesteel-IconButton"
          aria-label={trans.__('Dismiss')}
          title={trans.__('Dismiss')}
          onClick={onDismiss}
        >
          <closeIcon.react tag="span" elementSize="normal" />
        </Button>
      )}
    </div>
  );
}
