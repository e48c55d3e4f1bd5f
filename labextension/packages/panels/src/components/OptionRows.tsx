// SPDX-License-Identifier: Apache-2.0
import { addIcon, Button, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { FieldErrors, IOptionRow } from '../form';
import { usePanel } from './context';
import { FieldError } from './Field';

/** The contract's greatest lengths of an option's name and value. */
const NAME_LENGTH = 512;
const VALUE_LENGTH = 65_536;

export interface IOptionRowsProps {
  readonly id: string;
  readonly rows: readonly IOptionRow[];
  readonly errors: FieldErrors;
  /** `field` is the one that changed: `options.<key>`. */
  readonly onChange: (rows: IOptionRow[], field: string) => void;
}

/** Spark options as rows of name and value. */
export function OptionRows(props: IOptionRowsProps): JSX.Element {
  const { trans } = usePanel();
  const { id, rows, errors, onChange } = props;
  const [added, setAdded] = React.useState<number>();
  const add = (): void => {
    const key = 1 + Math.max(-1, ...rows.map(row => row.key));
    setAdded(key);
    onChange([...rows, { key, name: '', value: '' }], `options.${key}`);
  };
  return (
    <div className="firesteel-OptionRows">
      {rows.map((row, index) => (
        <OptionRow
          key={row.key}
          id={`${id}-${row.key}`}
          number={index + 1}
          row={row}
          focus={row.key === added}
          error={errors[`options.${row.key}`]}
          onChange={changed =>
            onChange(
              rows.map(item => (item.key === row.key ? changed : item)),
              `options.${row.key}`
            )
          }
          onRemove={() =>
            onChange(
              rows.filter(item => item.key !== row.key),
              `options.${row.key}`
            )
          }
        />
      ))}
      <Button
        type="button"
        minimal
        small
        className="firesteel-AddButton"
        onClick={add}
      >
        <addIcon.react tag="span" elementSize="normal" />
        {trans.__('Add option')}
      </Button>
    </div>
  );
}

function OptionRow(props: {
  readonly id: string;
  readonly number: number;
  readonly row: IOptionRow;
  readonly focus: boolean;
  readonly error?: string;
  readonly onChange: (row: IOptionRow) => void;
  readonly onRemove: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { id, number, row, focus, error, onChange, onRemove } = props;
  const first = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    if (focus) {
      first.current?.focus();
    }
  }, [focus]);
  const shared = {
    className: 'jp-mod-styled',
    type: 'text',
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': Boolean(error),
    'aria-describedby': error ? `${id}-error` : undefined
  };
  return (
    <div className="firesteel-OptionRow">
      <input
        {...shared}
        ref={first}
        value={row.name}
        maxLength={NAME_LENGTH}
        placeholder="spark.executor.cores"
        aria-label={trans.__('Name of option %1', number)}
        onChange={event =>
          onChange({ ...row, name: event.currentTarget.value })
        }
      />
      <input
        {...shared}
        value={row.value}
        maxLength={VALUE_LENGTH}
        placeholder={trans.__('value')}
        aria-label={trans.__('Value of option %1', number)}
        onChange={event =>
          onChange({ ...row, value: event.currentTarget.value })
        }
      />
      <Button
        type="button"
        minimal
        small
        className="firesteel-IconButton"
        aria-label={trans.__('Remove option %1', number)}
        title={trans.__('Remove option')}
        onClick={onRemove}
      >
        <closeIcon.react tag="span" elementSize="normal" />
      </Button>
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}
