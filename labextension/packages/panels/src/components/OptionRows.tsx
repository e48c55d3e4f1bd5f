// SPDX-License-Identifier: Apache-2.0
import { LIMITS } from '@firesteel/client';
import { addIcon, Button, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { editedRow, type FieldErrors, type IOptionRow } from '../form';
import { Combobox, type IChoices } from './Combobox';
import { usePanel } from './context';
import { describedBy, FieldError, FieldWarning } from './Field';
import { choicesOf, OptionMeaning, useDocumented } from './OptionMeaning';
import { OptionValue } from './OptionValue';

export interface IOptionRowsProps {
  readonly id: string;
  readonly rows: readonly IOptionRow[];
  readonly errors: FieldErrors;
  readonly warnings: FieldErrors;
  /** `field` is the one that changed: `options.<key>`. */
  readonly onChange: (rows: IOptionRow[], field: string) => void;
}

/** Spark options as rows of name and value. */
export function OptionRows(props: IOptionRowsProps): JSX.Element {
  const { trans } = usePanel();
  const { id, rows, errors, warnings, onChange } = props;
  const [added, setAdded] = React.useState<number>();
  /** The row that somebody was in last: its meaning is shown. */
  const [current, setCurrent] = React.useState<number>();
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
          explained={row.key === current}
          error={errors[`options.${row.key}`]}
          warning={warnings[`options.${row.key}`]}
          onFocus={() => setCurrent(row.key)}
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

interface IOptionRowProps {
  readonly id: string;
  readonly number: number;
  readonly row: IOptionRow;
  readonly focus: boolean;
  readonly explained: boolean;
  readonly error?: string;
  readonly warning?: string;
  readonly onFocus: () => void;
  readonly onChange: (row: IOptionRow) => void;
  readonly onRemove: () => void;
}

function OptionRow(props: IOptionRowProps): JSX.Element {
  const { trans } = usePanel();
  const { id, number, row, focus, error, warning, onChange } = props;
  const first = React.useRef<HTMLInputElement>(null);
  const search = useSearch();
  const documented = useDocumented(row.name, props.explained);
  const messages = describedBy(
    id,
    ['error', error],
    ['warning', warning],
    ['meaning', documented]
  );
  React.useEffect(() => {
    if (focus) {
      first.current?.focus();
    }
  }, [focus]);
  return (
    <div className="firesteel-OptionRow" onFocus={props.onFocus}>
      <Combobox
        id={`${id}-name`}
        inputRef={first}
        label={trans.__('Name of option %1', number)}
        value={row.name}
        maxLength={LIMITS.optionName}
        placeholder="spark.executor.cores"
        invalid={Boolean(error)}
        describedBy={messages}
        search={search}
        onChange={name => onChange(editedRow(row, { name }))}
        onChosen={() => document.getElementById(`${id}-value`)?.focus()}
      />
      <OptionValue
        id={`${id}-value`}
        label={trans.__('Value of option %1', number)}
        placeholder={documented?.default || trans.__('value')}
        row={row}
        invalid={Boolean(error)}
        describedBy={messages}
        onChange={value => onChange(editedRow(row, { value }))}
      />
      <Button
        type="button"
        minimal
        small
        className="firesteel-IconButton"
        aria-label={trans.__('Remove option %1', number)}
        title={trans.__('Remove option')}
        onClick={props.onRemove}
      >
        <closeIcon.react tag="span" elementSize="normal" />
      </Button>
      <FieldError id={`${id}-error`} message={error} />
      <FieldWarning id={`${id}-warning`} message={warning} />
      {documented && <OptionMeaning id={`${id}-meaning`} option={documented} />}
    </div>
  );
}

function useSearch(): (words: string) => Promise<IChoices> {
  const { model, trans } = usePanel();
  return async words => {
    const version = model.form.sparkVersion();
    const found = await model.catalog.docs.search(words, version);
    return choicesOf(found, trans);
  };
}
