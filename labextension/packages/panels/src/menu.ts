// SPDX-License-Identifier: Apache-2.0
import type { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { CommandIDs } from './commands';

const ITEMS = [
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

/**
 * Opens menus of connections, one at a time. When one closes, the focus goes
 * back to where it was.
 */
export class ConnectionMenu {
  private _menu?: Menu;

  constructor(private readonly _commands: CommandRegistry) {}

  readonly open = (name: string, x: number, y: number): void => {
    this.dispose();
    const menu = new Menu({ commands: this._commands });
    menu.addClass('firesteel-Menu');
    ITEMS.forEach((group, index) => {
      if (index > 0) {
        menu.addItem({ type: 'separator' });
      }
      for (const command of group) {
        menu.addItem({ command, args: { name } });
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
  };

  dispose(): void {
    this._menu?.dispose();
    this._menu = undefined;
  }
}
