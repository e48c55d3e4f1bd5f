// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';
import { problemOf } from '../problem';
import type { IChoice, IChoices } from './Combobox';
import { usePanel } from './context';

/** How long (milliseconds) nothing is typed before it is searched for. */
const PAUSE = 150;

export interface IMatchesShown {
  readonly choices: readonly IChoice[];
  readonly more: number;
  readonly problem?: string;
}

const NONE: IMatchesShown = { choices: [], more: 0 };

/**
 * What `search` finds for the words, while `wanted`; until it has answered, what
 * was found before. Answers to earlier words are dropped.
 */
export function useMatches(
  search: (words: string) => Promise<IChoices>,
  words: string,
  wanted: boolean
): IMatchesShown {
  const { trans } = usePanel();
  const [found, setFound] = React.useState(NONE);
  const latest = React.useRef(search);
  React.useEffect(() => {
    latest.current = search;
  });
  React.useEffect(() => {
    if (!wanted) {
      return undefined;
    }
    let stale = false;
    const timer = setTimeout(() => {
      latest.current(words).then(
        ({ choices, more }) => {
          if (!stale) {
            setFound({ choices, more });
          }
        },
        (reason: unknown) => {
          if (!stale) {
            const { message } = problemOf(reason, trans);
            setFound({ ...NONE, problem: message });
          }
        }
      );
    }, PAUSE);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [words, wanted, trans]);
  return wanted ? found : NONE;
}
