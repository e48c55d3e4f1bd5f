// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';
import { formatAge } from '../format';
import { problemOf } from '../problem';
import { useNow, usePanel, useStoreState } from './context';

/** Says that what the panel shows is not of this second, and why; else nothing. */
export function FreshnessBar(): JSX.Element | null {
  const { model, trans } = usePanel();
  useNow(1_000);
  const { reason } = useStoreState();
  const { kind, age } = model.store.freshness();
  if (kind === 'live' || kind === 'connecting') {
    return null;
  }
  const problem = reason && problemOf(reason, trans);
  return (
    <div className="firesteel-FreshnessBar" data-freshness={kind}>
      <div role="status">
        {kind === 'late'
          ? trans.__('Firesteel is silent.')
          : trans.__('Can’t reach Firesteel; trying again.')}
      </div>
      {age !== undefined && (
        <div>{trans.__('As of %1 ago.', formatAge(age, trans))}</div>
      )}
      {problem && (
        <div className="firesteel-advice">
          {problem.message} {problem.advice}
        </div>
      )}
    </div>
  );
}
