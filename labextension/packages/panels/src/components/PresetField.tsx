// SPDX-License-Identifier: Apache-2.0
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { useCatalog, usePanel } from './context';
import { Problem } from './Problem';

/** The user's presets to fill the form with; nothing while there are none. */
export function PresetField(props: {
  readonly id: string;
}): JSX.Element | null {
  const { model, trans } = usePanel();
  const { presets, presetProblem } = useCatalog();
  if (presetProblem) {
    return <Problem problem={presetProblem} />;
  }
  if (presets.length === 0) {
    return null;
  }
  return (
    <HTMLSelect
      id={`${props.id}-preset`}
      aria-label={trans.__('Fill in a preset')}
      value=""
      options={[
        { value: '', label: trans.__('Presets…') },
        ...presets.map(({ name }) => ({ value: `=${name}`, label: name }))
      ]}
      onChange={event => {
        const chosen = event.currentTarget.value.slice(1);
        const preset = presets.find(({ name }) => name === chosen);
        if (preset) {
          const { name, cluster, bundles, options, environment } = preset;
          model.form.take({
            cluster: cluster || model.catalog.defaultCluster(),
            bundles,
            options,
            environment
          });
          model.form.say({
            note: {
              message: trans.__('Filled in from the preset “%1”.', name),
              details: []
            }
          });
        }
      }}
    />
  );
}
