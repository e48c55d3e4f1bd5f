// SPDX-License-Identifier: Apache-2.0
import { LIMITS } from '@firesteel/client';
import * as React from 'react';
import { isKept, type IOptionRow } from '../form';
import { isSecretName } from '../secretoptions';
import { usePanel } from './context';

export interface IOptionValueProps {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly row: IOptionRow;
  readonly invalid: boolean;
  readonly describedBy?: string;
  readonly onChange: (value: string) => void;
}

/**
 * What asks password managers, each in its own words, to leave the field alone.
 * `off` isn't heeded for passwords; with `new-password` no old one is filled in.
 */
const LEAVE_ALONE = {
  autoComplete: 'new-password',
  'data-1p-ignore': 'true',
  'data-bwignore': 'true',
  'data-form-type': 'other',
  'data-lpignore': 'true'
};

/** The value of an option. A secret is hidden, and one that is kept is only said to be. */
export function OptionValue(props: IOptionValueProps): JSX.Element {
  const { trans } = usePanel();
  const { id, row, describedBy } = props;
  const kept = isKept(row);
  const value = kept ? '' : row.value;
  const hidden = useHidden(isSecretName(row.name), value);
  const words = trans.__('A value is kept. What you type replaces it.');
  return (
    <>
      <input
        id={id}
        className="jp-mod-styled"
        type={hidden ? 'password' : 'text'}
        autoComplete="off"
        {...(hidden && LEAVE_ALONE)}
        spellCheck={false}
        value={value}
        maxLength={LIMITS.optionValue}
        placeholder={kept ? trans.__('kept as it is') : props.placeholder}
        title={kept ? words : undefined}
        aria-label={props.label}
        aria-invalid={props.invalid}
        aria-describedby={
          [kept && `${id}-kept`, describedBy].filter(Boolean).join(' ') ||
          undefined
        }
        onChange={event => props.onChange(event.currentTarget.value)}
      />
      {
        // Not every screen reader reads a placeholder.
        kept && (
          <span id={`${id}-kept`} hidden>
            {words}
          </span>
        )
      }
    </>
  );
}

/**
 * Whether the field hides what is in it. What was hidden stays so until the field
 * is empty: otherwise it would show while its option's name is typed anew.
 */
function useHidden(secret: boolean, value: string): boolean {
  const [before, setBefore] = React.useState(secret);
  const hidden = secret || (before && value !== '');
  if (hidden !== before) {
    setBefore(hidden);
  }
  return hidden;
}
