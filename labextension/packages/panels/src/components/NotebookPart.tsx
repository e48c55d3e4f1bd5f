// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';
import { shown, type IAttachedConfig } from '../attachedconfig';
import { CommandIDs } from '../commands';
import { configWords } from '../configwords';
import { shortened } from '../mergedwords';
import type { IRelation } from '../relation';
import { isSecretName } from '../secretoptions';
import { CommandButton } from './CommandButton';
import { useAttached, useForm, usePanel, useStoreState } from './context';
import { Problem } from './Problem';

/** How many options are listed. */
const LISTED = 200;

/** What the active notebook asks for; nothing while that is of no interest, or the form needs the room. */
export function NotebookPart(): JSX.Element | null {
  const { model, trans } = usePanel();
  const { known } = useStoreState();
  const form = useForm();
  const { notebook, config, dropped, said, problem } = useAttached();
  const titleId = React.useId();
  const relation = model.attached.relation();
  const quiet = relation.kind === 'nothing' && dropped.length === 0;
  if (!known || !notebook || quiet || form) {
    return null;
  }
  const name = notebook.path.split('/').pop() ?? notebook.path;
  return (
    <section
      className="firesteel-Notebook"
      aria-labelledby={titleId}
      data-relation={relation.kind}
    >
      <h3 id={titleId} title={notebook.path}>
        {name}
      </h3>
      <p>{sentence(relation, config, trans)}</p>
      {said && (
        <p className="firesteel-Hint" role="status">
          {said}
        </p>
      )}
      {config && relation.kind === 'asks' && <Asked config={config} />}
      {config && relation.kind !== 'same' && <Cautions />}
      {dropped.length > 0 && <Dropped lines={dropped} />}
      {problem && <Problem problem={problem} />}
      <Buttons relation={relation} />
    </section>
  );
}

function sentence(
  { kind, connection }: IRelation,
  config: IAttachedConfig | undefined,
  trans: ReturnType<typeof usePanel>['trans']
): string {
  const words = config ? configWords(config, trans) : '';
  const name = connection?.name ?? '';
  switch (kind) {
    case 'nothing':
    case 'free':
      return trans.__('Keeps no Spark configuration.');
    case 'asks':
      return trans.__('This notebook asks for: %1', words);
    case 'coming':
      return trans.__('“%1” starts as this notebook asks.', name);
    case 'same':
      return trans.__('“%1” is what this notebook asks for.', name);
    case 'differs':
      return trans.__('Asks for %1: differs from “%2”.', words, name);
  }
}

/** All that would be started. */
function Asked(props: { readonly config: IAttachedConfig }): JSX.Element {
  const { trans } = usePanel();
  const { cluster, bundles, options } = props.config;
  const rows: [string, string][] = [
    ...(cluster !== undefined
      ? [[trans.__('cluster'), cluster] as [string, string]]
      : []),
    ...bundles.map((name): [string, string] => [trans.__('bundle'), name]),
    ...[...options].map(([name, value]): [string, string] => [
      name,
      isSecretName(name) ? trans.__('(secret)') : value
    ])
  ];
  const more = rows.length - LISTED;
  return (
    <div
      className="firesteel-Asked"
      role="region"
      tabIndex={0}
      aria-label={trans.__('What would be started')}
    >
      <dl className="firesteel-Sets">
        {rows.slice(0, LISTED).map(([name, value], index) => (
          <div key={index}>
            <dt>{shown(name, 512)}</dt>
            <dd title={shown(value, 2_000)}>{shown(shortened(value))}</dd>
          </div>
        ))}
      </dl>
      {more > 0 && <p>{trans.__('and %1 more', more)}</p>}
    </div>
  );
}

function Cautions(): JSX.Element {
  const { model } = usePanel();
  return (
    <>
      {model.attached.cautions().map(words => (
        <p key={words} className="firesteel-FieldWarning">
          {words}
        </p>
      ))}
    </>
  );
}

function Dropped(props: { readonly lines: readonly string[] }): JSX.Element {
  const { trans } = usePanel();
  return (
    <details className="firesteel-Dropped">
      <summary>{trans.__('Left out')}</summary>
      <ul role="list">
        {props.lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </details>
  );
}

function Buttons(props: { readonly relation: IRelation }): JSX.Element {
  const { model, trans } = usePanel();
  const { config } = useAttached();
  const { kind, connection } = props.relation;
  const name = connection?.name ?? '';
  // One click starts only what is listed above the button.
  const direct = kind === 'asks' && model.attached.canStart();
  const startable = config && (kind === 'asks' || kind === 'differs');
  return (
    <div className="firesteel-Actions">
      {startable && direct && (
        <CommandButton
          command={CommandIDs.startAttached}
          label={trans.__('Start it')}
          primary
        />
      )}
      {startable && (
        <CommandButton
          command={CommandIDs.reviewAttached}
          label={direct ? trans.__('Edit first…') : trans.__('Start it…')}
          primary={kind === 'asks' && !direct}
        />
      )}
      {kind === 'differs' && (
        <CommandButton
          command={CommandIDs.showConfigDifference}
          name={name}
          label={trans.__('Difference')}
        />
      )}
      {(kind === 'differs' || kind === 'free') && (
        <CommandButton
          command={CommandIDs.attachConfig}
          name={name}
          label={
            kind === 'free'
              ? trans.__('Attach “%1”', shortened(name, 20))
              : trans.__('Overwrite')
          }
        />
      )}
      {config && (
        <CommandButton
          command={CommandIDs.detachConfig}
          label={trans.__('Detach')}
        />
      )}
    </div>
  );
}
