// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDraftChanges } from './form';

/** What was changed, as a list in words: "the cluster, 2 options". */
export function changeWords(
  changes: IDraftChanges,
  trans: TranslationBundle
): string {
  const { cluster, bundles, options, environment } = changes;
  return [
    cluster && trans.__('the cluster'),
    bundles && trans.__('the bundles'),
    options > 0 && trans._n('%1 option', '%1 options', options),
    environment && trans.__('Python, Java or Spark')
  ]
    .filter(Boolean)
    .join(', ');
}
