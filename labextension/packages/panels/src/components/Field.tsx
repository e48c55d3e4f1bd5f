// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';

/** The message at a field; announced, and tied to the field by its id. */
export function FieldError(props: {
  readonly id: string;
  readonly message?: string;
}): JSX.Element | null {
  return props.message ? (
    <div id={props.id} className="firesteel-FieldError" role="alert">
      {props.message}
    </div>
  ) : null;
}

/** The ids of a field's messages, for `aria-describedby`. */
export function describedBy(
  id: string,
  ...messages: readonly (readonly [suffix: string, message: unknown])[]
): string | undefined {
  const ids = messages
    .filter(([, message]) => Boolean(message))
    .map(([suffix]) => `${id}-${suffix}`);
  return ids.length > 0 ? ids.join(' ') : undefined;
}

/** The same for what may be meant, but looks wrong. */
export function FieldWarning(props: {
  readonly id: string;
  readonly message?: string;
}): JSX.Element | null {
  return props.message ? (
    <div id={props.id} className="firesteel-FieldWarning" role="status">
      {props.message}
    </div>
  ) : null;
}

export interface ITextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly error?: string;
  readonly warning?: string;
  readonly maxLength?: number;
  readonly inputRef?: React.RefObject<HTMLInputElement>;
  readonly onChange: (value: string) => void;
}

/** A text field with its label above and its message below. */
export function TextField(props: ITextFieldProps): JSX.Element {
  const { id, label, value, placeholder, error, warning, inputRef } = props;
  return (
    <div className="firesteel-Field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={inputRef}
        className="jp-mod-styled"
        type="text"
        autoComplete="off"
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        maxLength={props.maxLength}
        aria-invalid={Boolean(error)}
        aria-describedby={describedBy(
          id,
          ['error', error],
          ['warning', warning]
        )}
        onChange={event => props.onChange(event.currentTarget.value)}
      />
      <FieldError id={`${id}-error`} message={error} />
      <FieldWarning id={`${id}-warning`} message={warning} />
    </div>
  );
}
