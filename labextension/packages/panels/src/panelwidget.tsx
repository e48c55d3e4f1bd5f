// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { PanelContextProvider, type IPanelContext } from './components/context';
import { Panel } from './components/Panel';
import { flameIcon } from './icons';
import { ConnectionMenu } from './menu';
import type { PanelModel } from './model';

/** The panel as a widget for the sidebar. */
export class PanelWidget extends ReactWidget {
  private readonly _context: IPanelContext;
  private readonly _menu: ConnectionMenu;

  constructor(options: {
    readonly model: PanelModel;
    readonly commands: CommandRegistry;
    readonly trans: TranslationBundle;
    readonly showMarkdown?: IPanelContext['showMarkdown'];
  }) {
    super();
    const { trans } = options;
    this._menu = new ConnectionMenu(options.commands);
    this._context = {
      ...options,
      openMenu: this._menu.open,
      openFormMenu: this._menu.openForm
    };
    this.id = 'firesteel-panel';
    this.addClass('firesteel-Panel');
    this.title.icon = flameIcon;
    this.title.caption = trans.__('Firesteel: Spark connections');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Firesteel');
  }

  override dispose(): void {
    this._menu.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <PanelContextProvider value={this._context}>
        <Panel />
      </PanelContextProvider>
    );
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._context.model.setVisible(true);
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._context.model.setVisible(false);
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._context.model.setVisible(this.isVisible);
  }

  protected override onBeforeDetach(message: Message): void {
    this._context.model.setVisible(false);
    super.onBeforeDetach(message);
  }

  protected override onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('button:not([disabled])')?.focus();
  }
}
