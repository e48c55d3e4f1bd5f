// SPDX-License-Identifier: Apache-2.0
import type { IKnownConnection } from '@firesteel/client';
import * as React from 'react';
import { stateWord } from '../format';
import { usePanel, useStoreState } from './context';

type States = ReadonlyMap<string, IKnownConnection['state']>;

function statesOf(connections: readonly IKnownConnection[]): States {
  return new Map(connections.map(item => [item.name, item.state]));
}

/** Tells screen readers which connection came into which state. */
export function LiveRegion(): JSX.Element {
  const { trans } = usePanel();
  const { connections, known } = useStoreState();
  const before = React.useRef<States>();
  const [words, setWords] = React.useState('');
  React.useEffect(() => {
    const previous = before.current;
    before.current = known ? statesOf(connections) : undefined;
    if (!previous) {
      return;
    }
    const changed = connections.filter(
      item => previous.get(item.name) !== item.state
    );
    if (changed.length > 0) {
      setWords(
        changed
          .map(item => `${item.name}: ${stateWord(item.state, trans)}`)
          .join(', ')
      );
    }
  }, [connections, known, trans]);
  return (
    <div
      className="firesteel-visually-hidden"
      role="status"
      aria-live="polite"
      data-firesteel-announcement=""
    >
      {words}
    </div>
  );
}
