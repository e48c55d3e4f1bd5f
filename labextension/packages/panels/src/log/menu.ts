// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';
import type { LogTab } from './tab';

/** What the menu of a log does with texts. */
export interface ILogMenuActions {
  /** What is selected in the log; empty when nothing is. */
  readonly selection: () => string;
  readonly copy: (selection: string) => void;
  readonly download: () => void;
}

/** The menu behind a log's ⋯; the focus goes back to where it was. */
export function openLogMenu(
  tab: LogTab,
  actions: ILogMenuActions,
  trans: TranslationBundle,
  x: number,
  y: number
): Menu {
  const selection = actions.selection();
  const { wrap, timestamps } = tab.options;
  const commands = new CommandRegistry();
  commands.addCommand('copy', {
    label: selection
      ? trans.__('Copy Selection')
      : trans.__('Copy All Shown (at Most 10 MB)'),
    execute: () => actions.copy(selection)
  });
  commands.addCommand('download', {
    label: trans.__('Download'),
    execute: actions.download
  });
  commands.addCommand('timestamps', {
    label: trans.__('Timestamps'),
    isToggled: () => timestamps,
    execute: () => tab.set({ timestamps: !timestamps })
  });
  commands.addCommand('wrap', {
    label: trans.__('Wrap Long Lines'),
    isToggled: () => wrap,
    execute: () => tab.set({ wrap: !wrap })
  });
  const menu = new MenuSvg({ commands });
  menu.addClass('firesteel-Menu');
  menu.addItem({ command: 'copy' });
  menu.addItem({ command: 'download' });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: 'timestamps' });
  menu.addItem({ command: 'wrap' });
  const focused = document.activeElement;
  menu.aboutToClose.connect(() => {
    if (focused instanceof HTMLElement && focused.isConnected) {
      focused.focus();
    }
  });
  menu.open(x, y);
  return menu;
}
