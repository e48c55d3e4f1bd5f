// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';
import { usePanel } from './context';
import { useMatches } from './matches';

/** One entry of the list. */
export interface IChoice {
  readonly value: string;
  /** What is said beside the value, in one line. */
  readonly facts: string;
  readonly meaning: string;
  /** Why it can't be chosen. */
  readonly unusable?: string;
}

/** The choices for what was typed, and how many more there are. */
export interface IChoices {
  readonly choices: readonly IChoice[];
  readonly more: number;
}

export interface IComboboxProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly invalid: boolean;
  readonly describedBy?: string;
  readonly inputRef?: React.Ref<HTMLInputElement>;
  readonly search: (words: string) => Promise<IChoices>;
  readonly onChange: (value: string) => void;
  /** A choice was taken from the list; `onChange` was called before. */
  readonly onChosen?: () => void;
}

/** What is open and chosen in the list, and what the keys do with it. */
function useList({ value, search, onChange, onChosen }: IComboboxProps): {
  found: ReturnType<typeof useMatches>;
  shown: boolean;
  active: number;
  type: (value: string) => void;
  close: () => void;
  choose: (choice: IChoice | undefined) => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
} {
  const [open, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(-1);
  const found = useMatches(search, value, open);
  const { choices } = found;
  const shown = open && (choices.length > 0 || found.problem !== undefined);
  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const choose = (choice: IChoice | undefined): void => {
    if (choice && !choice.unusable) {
      onChange(choice.value);
      close();
      onChosen?.();
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const down = event.key === 'ArrowDown';
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (down || event.key === 'ArrowUp') {
      event.preventDefault();
      if (shown) {
        setActive(next(active, down, choices.length));
      }
      setOpen(true);
    } else if (event.key === 'Enter' && shown) {
      // With the list open it is about the list, not the form.
      event.preventDefault();
      choose(choices[active]);
      setOpen(Boolean(choices[active]?.unusable));
    } else if (event.key === 'Escape' && shown) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  const type = (typed: string): void => {
    onChange(typed);
    setOpen(true);
    setActive(-1);
  };
  return { found, shown, active, type, close, choose, onKeyDown };
}

/**
 * A text field with a list of what it could be (the ARIA pattern of an editable
 * combobox with list autocompletion). Anything else may be typed, too.
 */
export function Combobox(props: IComboboxProps): JSX.Element {
  const { id, label, value, inputRef, ...field } = props;
  const list = useList(props);
  const { shown, active, found } = list;
  const listId = `${id}-list`;
  return (
    <div className="firesteel-Combobox">
      <input
        id={id}
        ref={inputRef}
        className="jp-mod-styled"
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={listId}
        aria-activedescendant={
          shown && active >= 0 ? `${listId}-${active}` : undefined
        }
        aria-label={label}
        aria-invalid={field.invalid}
        aria-describedby={field.describedBy}
        value={value}
        placeholder={field.placeholder}
        maxLength={field.maxLength}
        onChange={event => list.type(event.currentTarget.value)}
        onKeyDown={list.onKeyDown}
        onBlur={list.close}
      />
      <Popup
        id={listId}
        shown={shown}
        active={active}
        choices={found.choices}
        more={found.more}
        problem={found.problem}
        onChoose={list.choose}
      />
    </div>
  );
}

/** The place after (or before) `active` of `count`; -1: in the field itself. */
function next(active: number, down: boolean, count: number): number {
  const places = count + 1;
  return ((active + 1 + (down ? 1 : places - 1)) % places) - 1;
}

/** The list below the field; what is pressed in it leaves the focus in the field. */
function Popup(props: {
  readonly id: string;
  readonly shown: boolean;
  readonly active: number;
  readonly choices: readonly IChoice[];
  readonly more: number;
  readonly problem?: string;
  readonly onChoose: (choice: IChoice) => void;
}): JSX.Element {
  const { trans } = usePanel();
  const { id, shown, active, choices, more, problem, onChoose } = props;
  const box = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const item = box.current?.querySelector('[aria-selected="true"]');
    (item ?? (shown ? box.current : null))?.scrollIntoView?.({
      block: 'nearest'
    });
  }, [active, shown, choices]);
  const words = problem ?? (more > 0 ? trans.__('and %1 more', more) : '');
  return (
    <div
      ref={box}
      className="firesteel-Popup"
      role="presentation"
      hidden={!shown}
      onMouseDown={event => event.preventDefault()}
    >
      <ul id={id} role="listbox" aria-label={trans.__('Spark options')}>
        {shown &&
          choices.map((choice, index) => (
            // The field has the keys of the list.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={choice.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              aria-disabled={choice.unusable !== undefined}
              onClick={() => onChoose(choice)}
            >
              <span className="firesteel-Choice-value">{choice.value}</span>
              <span className="firesteel-Choice-facts">
                {choice.unusable ?? choice.facts}
              </span>
              <span className="firesteel-Choice-meaning">{choice.meaning}</span>
            </li>
          ))}
      </ul>
      {words && (
        <p className="firesteel-Popup-words" role="status">
          {words}
        </p>
      )}
    </div>
  );
}
