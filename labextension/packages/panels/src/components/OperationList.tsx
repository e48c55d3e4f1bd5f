// SPDX-License-Identifier: Apache-2.0
import {
  isRunning,
  operationElapsed,
  operationKey,
  type IKnownActivity,
  type IKnownOperation
} from '@firesteel/client';
import * as React from 'react';
import {
  fileName,
  operationStateWord,
  operationWords,
  taskWords,
  yieldWords
} from '../activitywords';
import { CommandIDs } from '../commands';
import { formatWait } from '../format';
import { CommandButton } from './CommandButton';
import { useNow, usePanel } from './context';
import { ProgressBar } from './ProgressBar';
import { useSteadyRows } from './steady';

/** How many operations that have ended are listed. */
const ENDED_SHOWN = 5;

/** What runs on a connection, and what ended last. */
export function OperationList(props: {
  readonly name: string;
  readonly activity: IKnownActivity;
}): JSX.Element {
  const { trans } = usePanel();
  const now = useNow(1_000);
  const { name, activity } = props;
  const { operations } = activity;
  const natural = [
    ...operations.filter(isRunning),
    ...operations.filter(item => !isRunning(item)).slice(0, ENDED_SHOWN)
  ];
  const current = new Map(operations.map(item => [operationKey(item), item]));
  const { rows, held, handlers } = useSteadyRows(
    natural,
    current,
    operationKey
  );
  const interruptible = (item: IKnownOperation): boolean =>
    // A button that somebody aims at stays, and does nothing.
    isRunning(held?.get(operationKey(item)) ?? item);
  return (
    <>
      <div className="firesteel-Rows-header">
        <h4>{trans.__('Operations')}</h4>
        <CommandButton
          command={CommandIDs.interrupt}
          name={name}
          label={trans.__('Interrupt all')}
        />
      </div>
      {rows.length === 0 ? (
        <p className="firesteel-More">{trans.__('None has run yet.')}</p>
      ) : (
        <ul
          className="firesteel-Rows"
          role="list"
          aria-label={trans.__('Operations')}
          {...handlers}
        >
          {rows.map(item => (
            <OperationRow
              key={operationKey(item)}
              name={name}
              operation={item}
              interruptible={interruptible(item)}
              elapsed={operationElapsed(item, activity, now)}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function OperationRow(props: {
  readonly name: string;
  readonly operation: IKnownOperation;
  readonly interruptible: boolean;
  readonly elapsed: number;
}): JSX.Element {
  const { trans } = usePanel();
  const { name, operation, interruptible, elapsed } = props;
  const { session_id, operation_id, notebook, state } = operation;
  const running = isRunning(operation);
  const progress = running ? operation.progress : undefined;
  const title = [operationWords(operation, trans), fileName(notebook)]
    .filter(Boolean)
    .join(' · ');
  const counts = [
    formatWait(elapsed, trans),
    ...(progress ? [taskWords(progress, trans)] : []),
    ...yieldWords(operation, trans)
  ].join(' · ');
  return (
    <li
      className="firesteel-Row"
      data-firesteel-operation={operation_id}
      data-operation-state={state}
    >
      <div className="firesteel-Row-name" title={notebook || undefined}>
        {title}
      </div>
      {interruptible && (
        <CommandButton
          command={CommandIDs.interrupt}
          name={name}
          args={{ session_id, operation_id }}
          label={trans.__('Interrupt')}
          longLabel={trans.__('Interrupt %1', title)}
        />
      )}
      <div className="firesteel-Row-state">
        {!running && <Ending operation={operation} />}
        {counts}
      </div>
      {progress && (
        <ProgressBar
          progress={progress}
          label={trans.__('Tasks of %1', title)}
        />
      )}
    </li>
  );
}

/** How an operation ended; why is said on hover and to screen readers. */
function Ending(props: { readonly operation: IKnownOperation }): JSX.Element {
  const { trans } = usePanel();
  const { state, error } = props.operation;
  return (
    <>
      <span className="firesteel-Ending" title={error}>
        {operationStateWord(state, trans)}
        {error && <span className="firesteel-visually-hidden">: {error}</span>}
      </span>
      {' · '}
    </>
  );
}
