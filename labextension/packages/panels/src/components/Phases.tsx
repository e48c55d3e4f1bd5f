// SPDX-License-Identifier: Apache-2.0
import { phaseElapsed, type IKnownConnection } from '@firesteel/client';
import * as React from 'react';
import { formatWait, phaseWords } from '../format';
import { usePanel, useNow } from './context';

/** The phases of every start; those to come are shown so that nothing moves. */
const USUAL = ['preparing', 'starting_jvm', 'creating_driver'] as const;

/** How often (milliseconds) the time of the phase that goes on is shown anew. */
const INTERVAL = 100;

/** The phases of a start as a check list, with the time that each takes. */
export function Phases(props: {
  readonly connection: IKnownConnection;
}): JSX.Element {
  const { trans } = usePanel();
  const now = useNow(INTERVAL);
  const { connection } = props;
  const known = connection.phases;
  const adopting = known.some(item => item.phase === 'adopting');
  const coming = adopting
    ? []
    : USUAL.filter(phase => !known.some(item => item.phase === phase));
  return (
    <ol
      className="firesteel-Phases"
      aria-label={trans.__('Phases of the start')}
    >
      {known.map(item => {
        const words = phaseWords(item.phase, trans);
        const time = formatWait(phaseElapsed(connection, item, now), trans);
        return (
          <li
            key={item.phase}
            data-phase={item.phase}
            data-phase-state={item.done ? 'done' : 'going'}
          >
            <span className="firesteel-Phase-mark" aria-hidden="true" />
            <span className="firesteel-Phase-name">
              {item.done ? words.done : words.going + '…'}
            </span>
            <span className="firesteel-Phase-time">{time}</span>
          </li>
        );
      })}
      {coming.map(phase => (
        <li key={phase} data-phase={phase} data-phase-state="coming">
          <span className="firesteel-Phase-mark" aria-hidden="true" />
          <span className="firesteel-Phase-name">
            {phaseWords(phase, trans).going}
          </span>
        </li>
      ))}
    </ol>
  );
}
