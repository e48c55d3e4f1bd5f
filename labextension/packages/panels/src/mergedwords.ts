// SPDX-License-Identifier: Apache-2.0
import type { Catalog, MergedOption, OptionSource } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';

/** How much of a long value is shown, and how much more when one asks. */
const SHOWN = 80;
const SHOWN_AT_MOST = 2_000;

/** A value as far as there is room for it. */
export function shortened(value: string, length = SHOWN): string {
  return value.length > length ? `${value.slice(0, length - 1)}…` : value;
}

/** A value for a title, which has more room. */
export function longer(value: string): string {
  return shortened(value, SHOWN_AT_MOST);
}

/** Who else's value an option has in place of what a bundle sets; undefined if the bundle's counts. */
export function replacedBy(
  option: MergedOption | undefined,
  bundle: string
): OptionSource | undefined {
  const sources = option?.sources ?? [];
  const at = sources.findIndex(
    ({ kind, name }) => kind === 'bundle' && name === bundle
  );
  // Those before it that are joined only added to it.
  return sources.slice(0, Math.max(at, 0)).find(source => !source.joined);
}

/** Where a value comes from, in words. */
export function sourceWords(
  source: OptionSource,
  catalog: Catalog | undefined,
  trans: TranslationBundle
): string {
  const { kind, name = '' } = source;
  const find = (
    list: readonly { name: string; display_name: string }[] = []
  ): string => list.find(item => item.name === name)?.display_name || name;
  switch (kind) {
    case 'user':
      return trans.__('this form');
    case 'bundle':
      return trans.__('bundle “%1”', find(catalog?.bundles));
    case 'cluster':
      return trans.__('cluster “%1”', find(catalog?.clusters));
    case 'spark_defaults':
      return 'spark-defaults.conf';
  }
}
