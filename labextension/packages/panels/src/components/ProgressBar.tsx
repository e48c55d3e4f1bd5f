// SPDX-License-Identifier: Apache-2.0
import type { IProgress } from '@firesteel/client';
import * as React from 'react';
import { taskWords } from '../activitywords';
import { usePanel } from './context';

/** How many of the tasks are done, as a thin bar. */
export function ProgressBar(props: {
  readonly progress: IProgress;
  /** Of what, for those who don't see where the bar stands. */
  readonly label: string;
}): JSX.Element {
  const { trans } = usePanel();
  const { progress, label } = props;
  const percent = Math.floor(100 * progress.fraction);
  return (
    <div
      className="firesteel-ProgressBar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={taskWords(progress, trans)}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
