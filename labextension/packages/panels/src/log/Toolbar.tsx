// SPDX-License-Identifier: Apache-2.0
import { ellipsesIcon, errorIcon, HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatCount } from '../format';
import { followIcon, wrapIcon } from '../icons';
import { IconButton } from './IconButton';
import type { LogFilter } from './options';
import { SearchField, type ISearchFieldProps } from './SearchField';

export interface IToolbarProps extends ISearchFieldProps {
  readonly onMenu: (x: number, y: number) => void;
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
