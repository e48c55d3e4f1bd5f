// SPDX-License-Identifier: Apache-2.0
import type { MergedOption, OptionSource } from '@firesteel/client';
import * as React from 'react';
import type { IForm } from '../formmodel';
import { longer, shortened, sourceWords } from '../mergedwords';
import { useCatalog, usePanel } from './context';
import { Problem } from './Problem';
import { Section } from './Section';

/** How many options are listed before one asks for all. */
const LISTED = 100;

/** What Spark will get, and where each value comes from. */
export function MergedPart(props: { readonly form: IForm }): JSX.Element {
  const { model, trans } = usePanel();
  const [all, setAll] = React.useState(false);
  const { preview, problem, open } = props.form.check;
  const { others } = model.form.findings();
  const options = preview?.options ?? [];
  const variables = preview?.environment ?? [];
  const more = all ? 0 : options.length - LISTED;
  return (
    <>
      <Section
        title={
          preview
            ? trans._n(
                'What Spark will get (%1 option)',
                'What Spark will get (%1 options)',
                options.length
              )
            : trans.__('What Spark will get')
        }
        busy={open}
      >
        {problem && <Problem problem={problem} />}
        {preview && options.length === 0 && (
          <p className="firesteel-Hint">
            {trans.__('Nothing is set; Spark’s own defaults hold.')}
          </p>
        )}
        <dl className="firesteel-Merged">
          {options.slice(0, all ? undefined : LISTED).map(option => (
            <MergedRow key={option.name} option={option} />
          ))}
        </dl>
        {more > 0 && (
          <button
            type="button"
            className="firesteel-LinkButton"
            onClick={() => setAll(true)}
          >
            {trans.__('and %1 more', more)}
          </button>
        )}
        {variables.length > 0 && (
          <p className="firesteel-Hint">
            {trans.__(
              'The cluster sets these variables, too: %1',
              variables.join(', ')
            )}
          </p>
        )}
      </Section>
      {others.map(({ field, severity, message, advice }) => (
        <div
          key={`${field} ${message}`}
          role={severity === 'error' ? 'alert' : 'status'}
          className={
            severity === 'error'
              ? 'firesteel-FieldError'
              : 'firesteel-FieldWarning'
          }
        >
          {[message, advice].filter(Boolean).join(' ')}
        </div>
      ))}
    </>
  );
}

function MergedRow(props: { readonly option: MergedOption }): JSX.Element {
  const { trans } = usePanel();
  const { name, value, sources } = props.option;
  // Those before it only added to it.
  const counts = (index: number): boolean =>
    sources.slice(0, index).every(source => source.joined);
  return (
    <div data-firesteel-option={name}>
      <dt>{name}</dt>
      <dd>
        <span className="firesteel-Value" title={longer(value)}>
          {value === '' ? trans.__('(empty)') : shortened(value)}
        </span>
        <ul className="firesteel-Sources" role="list">
          {sources.map((source, index) => (
            <li
              key={index}
              data-overridden={!counts(index)}
              title={longer(source.value)}
            >
              <SourceWords
                source={source}
                place={
                  index === 0
                    ? 'first'
                    : counts(index)
                      ? 'joined'
                      : 'overridden'
                }
              />
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}

/** One who sets the option; of those that aren't first, what they set. */
function SourceWords(props: {
  readonly source: OptionSource;
  readonly place: 'first' | 'joined' | 'overridden';
}): JSX.Element {
  const { trans } = usePanel();
  const { catalog } = useCatalog();
  const { source, place } = props;
  const from = sourceWords(source, catalog, trans);
  const value = shortened(source.value, 40);
  switch (place) {
    case 'first':
      return <>{trans.__('from %1', from)}</>;
    case 'joined':
      return <>{trans.__('joined to “%1” from %2', value, from)}</>;
    case 'overridden':
      return <>{trans.__('instead of “%1” from %2', value, from)}</>;
  }
}
