// SPDX-License-Identifier: Apache-2.0
import { Button, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { INote } from '../formmodel';
import { usePanel } from './context';

/** How many details are shown; of the others it says how many. */
const SHOWN = 20;

/** What came in from elsewhere, and what of it was left out. */
export function Note(props: {
  readonly note: INote;
  readonly onDismiss?: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { note, onDismiss } = props;
  const { message, details } = note;
  const more = details.length - SHOWN;
  return (
    <div className="firesteel-Note" role="status">
      <div className="firesteel-Problem-words">
        {message}
        {details.length > 0 && (
          <ul role="list">
            {details.slice(0, SHOWN).map((line, index) => (
              <li key={index}>{line}</li>
            ))}
            {more > 0 && <li>{trans.__('and %1 more', more)}</li>}
          </ul>
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
