// SPDX-License-Identifier: Apache-2.0
import type { Failure } from '@firesteel/client';
import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { usePanel } from './context';
import { CopyButton } from './CopyButton';

function ending(
  failure: Failure,
  trans: TranslationBundle
): string | undefined {
  if (failure.signal) {
    return trans.__('Ended by signal %1.', failure.signal);
  }
  return failure.exit_code === undefined
    ? undefined
    : trans.__('Exit code %1.', failure.exit_code);
}

/** Why a connection failed: the cause first, what to do, the log's last lines. */
export function FailureView(props: { readonly failure: Failure }): JSX.Element {
  const { trans } = usePanel();
  const { failure } = props;
  const lines = failure.log_tail ?? [];
  const how = ending(failure, trans);
  return (
    <div className="firesteel-Failure" data-reason={failure.reason}>
      <p className="firesteel-Failure-message">{failure.message}</p>
      {failure.advice && <p className="firesteel-advice">{failure.advice}</p>}
      {how && <p className="firesteel-detail">{how}</p>}
      {lines.length > 0 && <LogTail text={lines.join('\n')} />}
    </div>
  );
}

function LogTail(props: { readonly text: string }): JSX.Element {
  const { trans } = usePanel();
  const { text } = props;
  const end = React.useRef<HTMLPreElement>(null);
  return (
    <details
      className="firesteel-LogTail"
      onToggle={() => {
        // The last line is what happened last.
        end.current?.scrollTo({ top: end.current.scrollHeight });
      }}
    >
      <summary>{trans.__('Last lines of the log')}</summary>
      <div className="firesteel-LogTail-body">
        <pre
          // So that the keyboard can scroll it.
          tabIndex={0}
          ref={end}
          role="region"
          aria-label={trans.__('Last lines of the log')}
        >
          {text}
        </pre>
        <CopyButton
          label={trans.__('Copy these lines')}
          onCopy={() => {
            Clipboard.copyToSystem(text);
            return true;
          }}
        />
      </div>
    </details>
  );
}
