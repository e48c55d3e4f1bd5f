// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';
import type { INote } from '../formmodel';
import { usePanel } from './context';
import { DismissButton } from './DismissButton';

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
      {onDismiss && <DismissButton onDismiss={onDismiss} />}
    </div>
  );
}
