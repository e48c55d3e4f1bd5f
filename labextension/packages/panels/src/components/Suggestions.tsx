// SPDX-License-Identifier: Apache-2.0
import type { Suggestion } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { bellIcon, errorIcon, infoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { plainText } from '../log';
import { CommandButton } from './CommandButton';
import { usePanel } from './context';

/** What the log told that there is advice for: the first, and the others on wish. */
export function Suggestions(props: {
  readonly name: string;
  readonly suggestions: readonly Suggestion[];
}): JSX.Element | null {
  const { trans } = usePanel();
  const [unfolded, setUnfolded] = React.useState(false);
  const { name, suggestions } = props;
  if (suggestions.length === 0) {
    return null;
  }
  const more = suggestions.length - 1;
  const shown = unfolded ? suggestions : suggestions.slice(0, 1);
  return (
    <div className="firesteel-Suggestions">
      <ul role="list" aria-label={trans.__('What the log of %1 tells', name)}>
        {shown.map(item => (
          <li key={`${item.line_number} ${item.message}`}>
            <SuggestionView name={name} suggestion={item} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button
          type="button"
          className="firesteel-MoreSuggestions"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          {unfolded ? trans.__('Only the first') : trans.__('%1 more', more)}
        </button>
      )}
    </div>
  );
}

function SuggestionView(props: {
  readonly name: string;
  readonly suggestion: Suggestion;
}): JSX.Element {
  const { trans } = usePanel();
  const { name, suggestion } = props;
  const { type, message, line, line_number, count } = suggestion;
  const { icon: Icon, word } = severity(type, trans);
  const number = (line_number + 1).toLocaleString();
  return (
    <div className="firesteel-Suggestion" data-type={type}>
      <div className="firesteel-Suggestion-head">
        <Icon.react tag="span" elementSize="small" aria-hidden="true" />
        <b>{word}</b>
        {count > 1 && (
          <span className="firesteel-detail">
            {trans.__('%1 lines', count.toLocaleString())}
          </span>
        )}
      </div>
      <Markdown source={message} />
      <div className="firesteel-Suggestion-line">
        <code title={line}>{plainText(line, false)}</code>
        <CommandButton
          command={CommandIDs.showLog}
          name={name}
          args={{ line: line_number }}
          label={trans.__('Show in log')}
          longLabel={trans.__('Show line %1 in the log of %2', number, name)}
        />
      </div>
    </div>
  );
}

/** Markdown by who can show it; else as the text that it is. */
function Markdown(props: { readonly source: string }): JSX.Element {
  const { showMarkdown } = usePanel();
  const { source } = props;
  const host = React.useRef<HTMLDivElement>(null);
  React.useEffect(
    () =>
      host.current && showMarkdown
        ? showMarkdown(source, host.current)
        : undefined,
    [showMarkdown, source]
  );
  return (
    <div className="firesteel-Suggestion-message" ref={host}>
      {showMarkdown ? null : source}
    </div>
  );
}

function severity(
  type: Suggestion['type'],
  trans: TranslationBundle
): { icon: typeof errorIcon; word: string } {
  switch (type) {
    case 'error':
      return { icon: errorIcon, word: trans.__('Error') };
    case 'warn':
      return { icon: bellIcon, word: trans.__('Warning') };
    case 'info':
      return { icon: infoIcon, word: trans.__('Note') };
  }
}
