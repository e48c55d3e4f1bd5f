// SPDX-License-Identifier: Apache-2.0
import type { DocumentedOption } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { shortened } from '../mergedwords';
import { firstSentence, type IMatches } from '../optiondocs';
import type { IChoices } from './Combobox';
import { usePanel } from './context';

/** What kind of value it takes, in a word; empty if that isn't known. */
function typeWord(option: DocumentedOption, trans: TranslationBundle): string {
  switch (option.type) {
    case '':
      return '';
    case 'boolean':
      return trans.__('true or false');
    case 'integer':
      return trans.__('whole number');
    case 'number':
      return trans.__('number');
    case 'size':
      return trans.__('size');
    case 'duration':
      return trans.__('duration');
    case 'text':
      return trans.__('text');
    case 'list':
      return trans.__('list');
  }
}

/** Type and default in one line. */
function facts(option: DocumentedOption, trans: TranslationBundle): string {
  return [
    typeWord(option, trans),
    option.default && trans.__('default %1', shortened(option.default, 60))
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What the documentation knows, as a list to choose from. */
export function choicesOf(
  { options, total }: IMatches,
  trans: TranslationBundle
): IChoices {
  return {
    choices: options.map(option => ({
      value: option.name,
      facts: facts(option, trans),
      meaning: shortened(firstSentence(option.description), 160),
      unusable: option.reserved
        ? trans.__('Firesteel sets this itself')
        : undefined
    })),
    more: Math.max(0, total - options.length)
  };
}

/** What is documented of the option with this name, once it is looked at. */
export function useDocumented(
  name: string,
  wanted: boolean
): DocumentedOption | undefined {
  const { model } = usePanel();
  const [found, setFound] = React.useState<DocumentedOption>();
  const asked = name.trim();
  React.useEffect(() => {
    if (!wanted || asked === '') {
      return undefined;
    }
    let stale = false;
    const timer = setTimeout(() => {
      model.catalog.docs.find(asked, model.form.sparkVersion()).then(
        option => {
          if (!stale) {
            setFound(option);
          }
        },
        // The list above says why it can't be had; here it is only missing.
        () => undefined
      );
    }, 150);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [model, asked, wanted]);
  return wanted && found?.name === asked ? found : undefined;
}

/** The whole meaning of an option. */
export function OptionMeaning(props: {
  readonly id: string;
  readonly option: DocumentedOption;
}): JSX.Element {
  const { trans } = usePanel();
  const { id, option } = props;
  const { category, since, source, reserved, description } = option;
  const words = [
    facts(option, trans),
    category,
    since && trans.__('since Spark %1', since),
    source === 'catalog' && trans.__('from the catalogue')
  ];
  return (
    <div id={id} className="firesteel-Meaning">
      <div className="firesteel-detail">
        {words.filter(Boolean).join(' · ')}
      </div>
      {reserved && <div>{trans.__('Firesteel sets this itself.')}</div>}
      <div>{description}</div>
    </div>
  );
}
