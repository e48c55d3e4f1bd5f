// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';

/** Rows with keys, in the order in which they are to be shown. */
export interface ISteady<T> {
  readonly rows: readonly T[];
  /** The rows that were there when somebody came, as they were then. */
  readonly held?: ReadonlyMap<string, T>;
  /** For the element that holds the rows. */
  readonly handlers: Pick<
    React.HTMLAttributes<HTMLElement>,
    'onMouseEnter' | 'onMouseLeave' | 'onFocus' | 'onBlur'
  >;
}

/**
 * Rows that stay where they are while somebody points at them or is among them
 * by keyboard: who is about to press a button hits what they aimed at.
 *
 * @param natural the rows in the order that they have when nobody is there
 * @param current all that still exist, by their keys
 */
export function useSteadyRows<T>(
  natural: readonly T[],
  current: ReadonlyMap<string, T>,
  keyOf: (row: T) => string
): ISteady<T> {
  const [held, setHeld] = React.useState<ReadonlyMap<string, T>>();
  const pointed = React.useRef(false);
  const focused = React.useRef(false);
  const come = (who: React.MutableRefObject<boolean>): void => {
    who.current = true;
    setHeld(before => before ?? new Map(natural.map(row => [keyOf(row), row])));
  };
  const go = (who: React.MutableRefObject<boolean>): void => {
    who.current = false;
    if (!pointed.current && !focused.current) {
      setHeld(undefined);
    }
  };
  const rows = held
    ? [
        ...[...held.keys()]
          .map(key => current.get(key))
          .filter(row => row !== undefined),
        ...natural.filter(row => !held.has(keyOf(row)))
      ]
    : natural;
  return {
    rows,
    held,
    handlers: {
      onMouseEnter: () => come(pointed),
      onMouseLeave: () => go(pointed),
      onFocus: () => {
        // What a click leaves focused is not used by keyboard.
        if (!pointed.current) {
          come(focused);
        }
      },
      onBlur: event => {
        if (!event.currentTarget.contains(event.relatedTarget)) {
          go(focused);
        }
      }
    }
  };
}
