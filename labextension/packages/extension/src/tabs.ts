// SPDX-License-Identifier: Apache-2.0
import type { IFiresteel } from '@firesteel/panels';
import type {
  ILabShell,
  ILayoutRestorer,
  JupyterFrontEnd
} from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { TabPanel, type Widget } from '@lumino/widgets';
import { target } from './connectioncommands';

type Args = ReadonlyPartialJSONObject;

/** A tab that belongs to a connection. */
export interface IConnectionTab extends Widget {
  /** The connection's name. */
  readonly name: string;
}

/** A kind of tab, of which each connection has at most one. */
export interface ITabKind<T extends IConnectionTab> {
  /** The command that opens it, or brings it to the front. */
  readonly command: string;
  /** Of the tracker: `firesteel-log`. */
  readonly namespace: string;
  /** The command's label in a connection's menu. */
  readonly label: string;
  /** The command's label in the palette. */
  readonly longLabel: string;
  /** Whether the command is offered for the connection; always, if absent. */
  readonly applies?: (name: string) => boolean;
  readonly make: (name: string, args: Args) => T;
  /** Called with the command's arguments when the tab is there. */
  readonly show?: (tab: T, args: Args) => void;
  /** What else `make` is to get after a reload of Lab. */
  readonly saved?: (tab: T) => Args;
}

/** Notebook 7 activates a widget below the document without showing its tab. */
function bringToFront(tab: Widget): void {
  const panel = tab.parent?.parent;
  if (panel instanceof TabPanel) {
    panel.currentWidget = tab;
  }
}

/** Add the command of a kind of tab; tabs that were open come back with the layout. */
export function addTabs<T extends IConnectionTab>(
  app: JupyterFrontEnd,
  firesteel: IFiresteel,
  shells: { labShell: ILabShell | null; restorer: ILayoutRestorer | null },
  kind: ITabKind<T>
): WidgetTracker<T> {
  const tracker = new WidgetTracker<T>({ namespace: kind.namespace });
  const nameOf = (args: Args): string | undefined =>
    // After a reload a tab comes back before the connections are known.
    typeof args.name === 'string' ? args.name : target(firesteel, {})?.name;
  const offered = (args: Args): boolean => {
    const name = nameOf(args);
    return name !== undefined && (kind.applies?.(name) ?? true);
  };
  app.commands.addCommand(kind.command, {
    label: args => ('name' in args ? kind.label : kind.longLabel),
    isEnabled: offered,
    isVisible: args => !('name' in args) || offered(args),
    execute: async args => {
      const name = nameOf(args);
      if (name === undefined) {
        return;
      }
      let tab = tracker.find(item => item.name === name);
      if (!tab) {
        tab = kind.make(name, args);
        // Notebook 7 has room for one document only; tabs go below it.
        app.shell.add(tab, shells.labShell ? 'main' : 'down');
        await tracker.add(tab);
      }
      app.shell.activateById(tab.id);
      bringToFront(tab);
      kind.show?.(tab, args);
    }
  });
  void shells.restorer?.restore(tracker, {
    command: kind.command,
    args: tab => ({ name: tab.name, ...kind.saved?.(tab) }),
    name: tab => tab.name
  });
  return tracker;
}
