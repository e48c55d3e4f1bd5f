// SPDX-License-Identifier: Apache-2.0
import type { Bundle, MergedOption } from '@firesteel/client';
import * as React from 'react';
import { bundleFits } from '../catalogmodel';
import { replacedBy, sourceWords } from '../mergedwords';
import type { IFormPart } from './ConnectionForm';
import { useCatalog, usePanel } from './context';
import { describedBy, FieldError, FieldWarning } from './Field';
import { Section } from './Section';

interface IBundlesPart extends IFormPart {
  /** What Spark will get, as far as it is known. */
  readonly merged?: readonly MergedOption[];
}

/** The bundles that go with the cluster, and those that were chosen before. */
export function BundlesPart(props: IBundlesPart): JSX.Element | null {
  const { model, trans } = usePanel();
  const { catalog } = useCatalog();
  const { draft, errors } = props;
  const chosen = draft.bundles;
  const version = model.form.sparkVersion();
  const all = catalog?.bundles ?? [];
  const listed = all.filter(item => bundleFits(item, draft.cluster, version));
  const others = chosen.filter(
    name => !listed.some(bundle => bundle.name === name)
  );
  if (listed.length + others.length === 0) {
    return null;
  }
  const change = (name: string, on: boolean): void => {
    const rest = chosen.filter(item => item !== name);
    // What is chosen last counts first.
    model.form.change(
      { bundles: on ? [...rest, name] : rest },
      `bundles.${name}`
    );
  };
  const title =
    chosen.length > 0
      ? trans.__('Bundles (%1)', chosen.length)
      : trans.__('Bundles');
  return (
    <Section
      title={title}
      open
      forced={Object.keys(errors).some(key => key.startsWith('bundles.'))}
    >
      <ul className="firesteel-Bundles" role="list">
        {listed.map(bundle => (
          <BundleRow key={bundle.name} {...{ bundle, change }} {...props} />
        ))}
        {others.map(name => (
          <BundleRow
            key={name}
            bundle={all.find(item => item.name === name) ?? unknown(name)}
            foreign
            {...{ change }}
            {...props}
          />
        ))}
      </ul>
      {chosen.length > 1 && (
        <p className="firesteel-Hint">
          {trans.__('Of two that set the same, the one chosen later counts.')}
        </p>
      )}
    </Section>
  );
}

function unknown(name: string): Bundle {
  return {
    name,
    display_name: name,
    clusters: [],
    spark_versions: [],
    options: [],
    complete: true
  };
}

function BundleRow(
  props: IBundlesPart & {
    readonly bundle: Bundle;
    /** It isn't for this cluster or version of Spark, or isn't known at all. */
    readonly foreign?: boolean;
    readonly change: (name: string, on: boolean) => void;
  }
): JSX.Element {
  const { trans } = usePanel();
  const { bundle, foreign, draft, errors, warnings, change, merged } = props;
  const { name, display_name, options, complete } = bundle;
  const id = `${props.id}-bundle-${React.useId()}`;
  const error = errors[`bundles.${name}`];
  const warning =
    warnings[`bundles.${name}`] ??
    (foreign && !error
      ? trans.__('It does not go with this cluster.')
      : complete
        ? undefined
        : trans.__('Something in it is wrong and is left out.'));
  return (
    <li className="firesteel-Bundle" data-firesteel-bundle={name}>
      <label>
        <input
          type="checkbox"
          checked={draft.bundles.includes(name)}
          aria-invalid={Boolean(error)}
          aria-describedby={describedBy(
            id,
            ['error', error],
            ['warning', warning]
          )}
          onChange={event => change(name, event.currentTarget.checked)}
        />
        <span title={name}>{display_name || name}</span>
      </label>
      {options.length > 0 && (
        <details>
          <summary>{trans._n('sets %1', 'sets %1', options.length)}</summary>
          <dl className="firesteel-Sets">
            {options.map(option => (
              <SetRow key={option.name} {...{ option, merged }} bundle={name} />
            ))}
          </dl>
        </details>
      )}
      <FieldError id={`${id}-error`} message={error} />
      <FieldWarning id={`${id}-warning`} message={warning} />
    </li>
  );
}

/** An option that a bundle sets, and whose value goes before it. */
function SetRow(props: {
  readonly bundle: string;
  readonly option: Bundle['options'][number];
  readonly merged?: readonly MergedOption[];
}): JSX.Element {
  const { trans } = usePanel();
  const { catalog } = useCatalog();
  const { bundle, option, merged } = props;
  const other = replacedBy(
    merged?.find(({ name }) => name === option.name),
    bundle
  );
  return (
    <div>
      <dt>{option.name}</dt>
      <dd data-overridden={other !== undefined}>
        {option.concatenate !== undefined && (
          <span className="firesteel-detail">{trans.__('joins')} </span>
        )}
        <span className="firesteel-Value">{option.value}</span>
        {other && (
          <span className="firesteel-detail">
            {' '}
            {trans.__(
              'not used: %1 sets it, too',
              sourceWords(other, catalog, trans)
            )}
          </span>
        )}
      </dd>
    </div>
  );
}
