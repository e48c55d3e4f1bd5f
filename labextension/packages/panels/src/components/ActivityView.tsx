// SPDX-License-Identifier: Apache-2.0
import {
  activityIdle,
  isRunning,
  operationElapsed,
  type IKnownActivity
} from '@firesteel/client';
import * as React from 'react';
import { taskWords, usageWords } from '../activitywords';
import { formatAge, formatWait } from '../format';
import { useActivity, useNow, usePanel, usePanelState } from './context';
import { OperationList } from './OperationList';
import { ProgressBar } from './ProgressBar';
import { SessionList } from './SessionList';

const NOTHING: IKnownActivity = {
  sessions: [],
  operations: [],
  running: 0,
  arrived: 0
};

/** How many use a connection; unfolded, who, and what runs there. */
export function ActivityView(props: { readonly name: string }): JSX.Element {
  const { model, trans } = usePanel();
  const { unfolded } = usePanelState();
  const { name } = props;
  const activity = useActivity(name) ?? NOTHING;
  const words = React.useMemo(
    () => usageWords(activity, trans),
    [activity, trans]
  );
  const open = unfolded.has(name);
  return (
    <div className="firesteel-Activity">
      <details
        open={open}
        onToggle={event => model.setUnfolded(name, event.currentTarget.open)}
      >
        <summary>{words}</summary>
        {open && (
          <>
            <SessionList name={name} activity={activity} />
            <OperationList name={name} activity={activity} />
          </>
        )}
      </details>
    </div>
  );
}

/** What happens on a connection now. */
export function LiveLine(props: { readonly name: string }): JSX.Element {
  const { trans } = usePanel();
  const now = useNow(1_000);
  const { name } = props;
  const activity = useActivity(name) ?? NOTHING;
  const { running, progress } = activity;
  if (running > 0 && progress) {
    return (
      <div className="firesteel-LiveLine">
        <span>{taskWords(progress, trans)}</span>
        <ProgressBar
          progress={progress}
          label={trans.__('Tasks of %1', name)}
        />
      </div>
    );
  }
  if (running > 0) {
    const longest = Math.max(
      0,
      ...activity.operations
        .filter(isRunning)
        .map(item => operationElapsed(item, activity, now))
    );
    return (
      <div className="firesteel-LiveLine">
        {trans.__('running for %1', formatWait(longest, trans))}
      </div>
    );
  }
  const idle = activityIdle(activity, now);
  return (
    <div className="firesteel-LiveLine">
      {idle === undefined
        ? trans.__('idle')
        : trans.__('idle for %1', formatAge(idle, trans))}
    </div>
  );
}
