// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { formatCount } from '../format';
import type { LogTab } from './tab';
import { logFigures, percent, problemWords, searchWords } from './words';

/** How the log is, below it; only what went wrong or was done is said aloud. */
export function StatusLine(props: {
  readonly tab: LogTab;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { tab, trans } = props;
  const { model } = tab;
  const state = React.useSyncExternalStore(tab.subscribe, tab.getState);
  const now = useNow(model.problem !== undefined);
  const problem = problemWords(model, now, trans);
  const search = searchWords(model, trans);
  const figures = [
    ...filterWords(tab, trans),
    ...logFigures(model, state, trans)
  ];
  return (
    <div className="firesteel-LogStatus">
      <span data-firesteel-figures="">{figures.join(' · ')}</span>
      <span role="status" data-firesteel-news="" data-problem={problem !== ''}>
        {[problem, search?.text, state.notice].filter(Boolean).join(' ')}
      </span>
      {search?.again && (
        <button
          type="button"
          className="firesteel-LogAgain"
          onClick={() => model.search.again()}
        >
          {trans.__('Search again')}
        </button>
      )}
    </div>
  );
}

function filterWords(tab: LogTab, trans: TranslationBundle): string[] {
  const { finds } = tab.model.search;
  if (!tab.filtered || !finds) {
    return [];
  }
  const shown = trans._n(
    '%2 line found',
    '%2 lines found',
    finds.found,
    formatCount(finds.found)
  );
  return finds.running
    ? [
        shown,
        trans.__('searching: %1', percent(finds.done, finds.total, trans))
      ]
    : [shown];
}

/** The time, anew every second while it matters. */
function useNow(matters: boolean): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    if (!matters) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [matters]);
  return now;
}
