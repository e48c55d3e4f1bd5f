// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import { shown, type IAttachedConfig } from './attachedconfig';

/** A configuration in a line: "k8s · 2 bundles · 3 options". */
export function configWords(
  config: IAttachedConfig,
  trans: TranslationBundle
): string {
  const { cluster, bundles, options } = config;
  const words = [
    cluster && shown(cluster, 40),
    bundles.length > 0 && trans._n('%1 bundle', '%1 bundles', bundles.length),
    options.size > 0 && trans._n('%1 option', '%1 options', options.size)
  ].filter(Boolean);
  return words.length > 0
    ? words.join(' · ')
    : trans.__('a connection without options');
}
