// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  caretDownEmptyThinIcon,
  caretUpEmptyThinIcon,
  caseSensitiveIcon,
  closeIcon,
  InputGroup,
  regexIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatCount } from '../format';
import { IconButton } from './IconButton';
import type { LogTab } from './tab';
import { hitWords } from './words';

export interface ISearchFieldProps {
  readonly tab: LogTab;
  readonly trans: TranslationBundle;
  readonly onHit: (step: 1 | -1) => void;
  /** Called for the Escape that has nothing to end here. */
  readonly onLeave: () => void;
}

/** What is looked for, how, and how many there are. */
export function SearchField(props: ISearchFieldProps): JSX.Element {
  const { tab, trans, onHit, onLeave } = props;
  const { options, place } = React.useSyncExternalStore(
    tab.subscribe,
    tab.getState
  );
  const { finds } = tab.model.search;
  const { q } = options;
  const words = q ? hitWords(finds, place, trans) : '';
  const done = q && finds && !finds.running && !finds.problem;
  return (
    <div className="firesteel-LogSearch" role="search">
      <InputGroup
        type="text"
        className="firesteel-LogInput"
        aria-label={trans.__('Search the log')}
        aria-invalid={finds?.problem !== undefined}
        placeholder={trans.__('Search')}
        maxLength={1_000}
        spellCheck={false}
        value={q}
        onChange={event => tab.set({ q: event.target.value })}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onHit(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            if (!tab.escape()) {
              onLeave();
            }
          }
        }}
      />
      <span className="firesteel-LogCount" data-firesteel-hits="">
        {words}
      </span>
      <span className="firesteel-visually-hidden" role="status">
        {done &&
          trans._n(
            '%2 line found',
            '%2 lines found',
            finds.found,
            formatCount(finds.found)
          )}
      </span>
      {q && (
        <IconButton
          name="clear"
          icon={closeIcon}
          label={
            finds?.running
              ? trans.__('Cancel the search')
              : trans.__('Clear the search')
          }
          onClick={() => tab.escape()}
        />
      )}
      <SearchButtons {...props} />
    </div>
  );
}

function SearchButtons(props: ISearchFieldProps): JSX.Element {
  const { tab, trans, onHit } = props;
  const { q, regex, matchCase } = tab.options;
  const none = !q || !tab.model.search.finds?.found;
  return (
    <>
      <IconButton
        name="match-case"
        icon={caseSensitiveIcon}
        label={trans.__('Match case')}
        pressed={matchCase}
        onClick={() => tab.set({ matchCase: !matchCase })}
      />
      <IconButton
        name="regex"
        icon={regexIcon}
        label={trans.__('Regular expression (RE2)')}
        pressed={regex}
        onClick={() => tab.set({ regex: !regex })}
      />
      <IconButton
        name="previous"
        icon={caretUpEmptyThinIcon}
        label={trans.__('Previous hit')}
        disabled={none}
        onClick={() => onHit(-1)}
      />
      <IconButton
        name="next"
        icon={caretDownEmptyThinIcon}
        label={trans.__('Next hit')}
        disabled={none}
        onClick={() => onHit(1)}
      />
    </>
  );
}
