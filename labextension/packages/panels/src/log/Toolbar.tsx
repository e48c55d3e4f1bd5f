// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  caretDownEmptyThinIcon,
  caretUpEmptyThinIcon,
  caseSensitiveIcon,
  closeIcon,
  ellipsesIcon,
  errorIcon,
  HTMLSelect,
  InputGroup,
  regexIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatCount } from '../format';
import { followIcon, wrapIcon } from '../icons';
import { IconButton } from './IconButton';
import type { LogFilter } from './options';
import type { LogTab } from './tab';
import { hitWords } from './words';

export interface IToolbarProps {
  readonly tab: LogTab;
  readonly trans: TranslationBundle;
  readonly onHit: (step: 1 | -1) => void;
  readonly onMenu: (x: number, y: number) => void;
  /** Called for the Escape that has nothing to end here. */
  readonly onLeave: () => void;
}

/** What can be done with a log, in a row above it. */
export function LogToolbar(props: IToolbarProps): JSX.Element {
  const { tab, trans } = props;
  const { options, following } = React.useSyncExternalStore(
    tab.subscribe,
    tab.getState
  );
  const counts = tab.model.head?.counts;
  const errors = counts ? counts.error + counts.fatal : 0;
  return (
    <div
      className="firesteel-LogBar"
      role="toolbar"
      aria-label={trans.__('Log of %1', tab.model.name)}
    >
      <SearchField {...props} />
      <div className="firesteel-LogTools">
        <HTMLSelect
          className="firesteel-LogFilter"
          aria-label={trans.__('Which lines are shown')}
          title={trans.__('Which lines are shown')}
          value={options.filter}
          onChange={event =>
            tab.set({ filter: event.target.value as LogFilter })
          }
        >
          <option value="all">{trans.__('All')}</option>
          <option value="warnings">{trans.__('Warnings and errors')}</option>
          <option value="errors">{trans.__('Errors')}</option>
        </HTMLSelect>
        <IconButton
          name="first-error"
          icon={errorIcon}
          label={
            errors > 0
              ? trans._n(
                  'Go to the first error (%2 line)',
                  'Go to the first error (of %2 lines)',
                  errors,
                  formatCount(errors)
                )
              : trans.__('There is no error')
          }
          words={formatCount(errors)}
          disabled={errors === 0}
          onClick={() => tab.goToFirstError()}
        />
        <IconButton
          name="follow"
          icon={followIcon}
          label={trans.__('Follow the log')}
          pressed={following}
          onClick={() => {
            if (tab.filtered) {
              tab.set({ filter: 'all' });
            } else {
              tab.follow(!following);
            }
          }}
        />
        <IconButton
          name="wrap"
          icon={wrapIcon}
          label={trans.__('Wrap long lines')}
          pressed={options.wrap}
          onClick={() => tab.set({ wrap: !options.wrap })}
        />
        <IconButton
          name="menu"
          icon={ellipsesIcon}
          label={trans.__('More')}
          menu
          onClick={event => {
            const box = event.currentTarget.getBoundingClientRect();
            props.onMenu(box.left, box.bottom);
          }}
        />
      </div>
    </div>
  );
}

function SearchField(props: IToolbarProps): JSX.Element {
  const { tab, trans, onHit, onLeave } = props;
  const { options, place } = React.useSyncExternalStore(
    tab.subscribe,
    tab.getState
  );
  const { finds } = tab.model.search;
  const { q, regex, matchCase } = options;
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
        disabled={!finds?.found || !q}
        onClick={() => onHit(-1)}
      />
      <IconButton
        name="next"
        icon={caretDownEmptyThinIcon}
        label={trans.__('Next hit')}
        disabled={!finds?.found || !q}
        onClick={() => onHit(1)}
      />
    </div>
  );
}
