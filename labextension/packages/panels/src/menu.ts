// SPDX-License-Identifier: Apache-2.0
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { Menu } from '@lumino/widgets';
import { CommandIDs } from './commands';

const CONNECTION_ITEMS = [
  [CommandIDs.insertCode, CommandIDs.copyEndpoint],
  [CommandIDs.showSparkUi, CommandIDs.showSparkUiInBrowser, CommandIDs.showLog],
  [CommandIDs.makeDefault],
  [
    CommandIDs.start,
    CommandIDs.edit,
    CommandIDs.interrupt,
    CommandIDs.restart,
    CommandIDs.stop,
    CommandIDs.remove
  ]
];

const FORM_ITEMS = [
  [CommandIDs.importOptions, CommandIDs.exportOptions],
  [CommandIDs.savePreset, CommandIDs.removePreset]
];

/**
 * Opens menus of connections and of the form, one at a time. When one closes, the focus goes
 * back to where it was.
 */
export class ConnectionMenu {
  private _menu?: Menu;

  constructor(private readonly _commands: CommandRegistry) {}

  readonly open = (name: string, x: number, y: number): void => {
    this._open(CONNECTION_ITEMS, { name }, x, y);
  };

  readonly openForm = (x: number, y: number): void => {
    this._open(FORM_ITEMS, { inForm: true }, x, y);
  };

  private _open(
    groups: readonly (readonly string[])[],
    args: ReadonlyJSONObject,
    x: number,
    y: number
  ): void {
    this.dispose();
    const menu = new Menu({ commands: this._commands });
    menu.addClass('firesteel-Menu');
    groups.forEach((group, index) => {
      if (index > 0) {
        menu.addItem({ type: 'separator' });
      }
      for (const command of group) {
        menu.addItem({ command, args });
      }
    });
    const focused = document.activeElement;
    menu.aboutToClose.connect(() => {
      if (focused instanceof HTMLElement && focused.isConnected) {
        focused.focus();
      }
    });
    this._menu = menu;
    menu.open(x, y);
  }

  dispose(): void {
    this._menu?.dispose();
    this._menu = undefined;
  }
}
