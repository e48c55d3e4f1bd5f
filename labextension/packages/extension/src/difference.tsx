// SPDX-License-Identifier: Apache-2.0
import { longer, shortened, shown, type IDifference } from '@firesteel/panels';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** How many differences are listed. */
const LISTED = 200;

/**
 * Show how a notebook's configuration differs from the connection's; gives
 * whether the notebook's is to be overwritten.
 */
export async function showDifference(
  connection: string,
  differences: readonly IDifference[],
  writable: boolean,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('The notebook beside “%1”', connection),
    body: table(connection, differences, trans),
    defaultButton: 0,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      ...(writable
        ? [Dialog.warnButton({ label: trans.__('Overwrite the notebook’s') })]
        : [])
    ]
  });
  return button.accept;
}

function table(
  connection: string,
  differences: readonly IDifference[],
  trans: TranslationBundle
): React.ReactElement {
  const more = differences.length - LISTED;
  return (
    <div className="firesteel-Difference">
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('Setting')}</th>
            <th scope="col">{trans.__('Notebook')}</th>
            <th scope="col">{connection}</th>
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, LISTED).map((item, index) => (
            <tr key={index} data-change={changeOf(item)}>
              <th scope="row">{nameOf(item, trans)}</th>
              <Value value={item.notebook} item={item} trans={trans} />
              <Value value={item.connection} item={item} trans={trans} />
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{trans.__('and %1 more', more)}</p>}
    </div>
  );
}

/** What was done to the notebook's configuration to get to what runs. */
export function changeOf(item: IDifference): 'added' | 'removed' | 'changed' {
  if (item.notebook === undefined) {
    return 'added';
  }
  return item.connection === undefined ? 'removed' : 'changed';
}

function nameOf(item: IDifference, trans: TranslationBundle): string {
  switch (item.kind) {
    case 'cluster':
      return trans.__('cluster');
    case 'bundle':
      return trans.__('bundle “%1”', shown(item.name));
    case 'order':
      return trans.__('order of bundles');
    case 'option':
      return shown(item.name, 512);
  }
}

function Value(props: {
  readonly value: string | undefined;
  readonly item: IDifference;
  readonly trans: TranslationBundle;
}): React.ReactElement {
  const { value, item, trans } = props;
  if (value === undefined) {
    return <td className="firesteel-detail">{trans.__('not set')}</td>;
  }
  if (item.kind === 'bundle') {
    return <td>{trans.__('chosen')}</td>;
  }
  return item.secret ? (
    <td className="firesteel-detail">{trans.__('(secret)')}</td>
  ) : (
    <td title={longer(value)}>
      {value === '' ? trans.__('(empty)') : shown(shortened(value, 200), 200)}
    </td>
  );
}
