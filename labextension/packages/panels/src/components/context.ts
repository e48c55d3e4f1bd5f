// SPDX-License-Identifier: Apache-2.0
import type { IKnownActivity, IStoreState } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';
import type { IAttachedState } from '../attachedmodel';
import type { ICatalogState } from '../catalogmodel';
import type { IForm } from '../formmodel';
import type { IPanelState, PanelModel } from '../model';

/** What every part of the panel can reach. */
export interface IPanelContext {
  readonly model: PanelModel;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  /** Open the menu of a connection at a place (pixels) of the page. */
  readonly openMenu: (name: string, x: number, y: number) => void;
  /** Show Markdown in an element; gives what ends it. Without it, it is shown as text. */
  readonly showMarkdown?: (source: string, host: HTMLElement) => () => void;
  /** Open the menu of the form at a place (pixels) of the page. */
  readonly openFormMenu: (x: number, y: number) => void;
}

const Context = React.createContext<IPanelContext | null>(null);

export const PanelContextProvider = Context.Provider;

export function usePanel(): IPanelContext {
  const context = React.useContext(Context);
  if (!context) {
    throw new Error('This component belongs into a Firesteel panel.');
  }
  return context;
}

export function useStoreState(): IStoreState {
  const { store } = usePanel().model;
  return React.useSyncExternalStore(store.subscribe, store.getState);
}

/** Who uses a connection, as far as that is known. */
export function useActivity(name: string): IKnownActivity | undefined {
  const { store } = usePanel().model;
  return React.useSyncExternalStore(store.subscribe, () =>
    store.getState().activity.get(name)
  );
}

/** Where clients reach all connections, as far as that is known. */
export function useEndpoint(): IStoreState['endpoint'] {
  const { store } = usePanel().model;
  return React.useSyncExternalStore(
    store.subscribe,
    () => store.getState().endpoint
  );
}

export function usePanelState(): IPanelState {
  const { model } = usePanel();
  return React.useSyncExternalStore(model.subscribe, model.getState);
}

/** The form as it stands, or undefined while it is closed. */
export function useForm(): IForm | undefined {
  const { form } = usePanel().model;
  return React.useSyncExternalStore(form.subscribe, form.getState);
}

/** The active notebook and what it asks for. */
export function useAttached(): IAttachedState {
  const { attached } = usePanel().model;
  return React.useSyncExternalStore(attached.subscribe, attached.getState);
}

/** What a connection can be made of. */
export function useCatalog(): ICatalogState {
  const { catalog } = usePanel().model;
  return React.useSyncExternalStore(catalog.subscribe, catalog.getState);
}

/**
 * The time on the store's clock, anew every `interval` milliseconds while the
 * panel can be seen.
 */
export function useNow(interval: number): number {
  const { store } = usePanel().model;
  const { visible } = usePanelState();
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    if (!visible) {
      return undefined;
    }
    tick();
    const timer = setInterval(tick, interval);
    return () => clearInterval(timer);
  }, [visible, interval]);
  return store.now();
}

export interface ICommandState {
  readonly enabled: boolean;
  readonly caption: string;
  readonly execute: () => void;
}

/** A command as it stands for `args`, followed as it changes. */
export function useCommand(
  id: string,
  args: ReadonlyPartialJSONObject
): ICommandState {
  const { commands } = usePanel();
  const [, update] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const onChanged = (_: CommandRegistry, changed: { id?: string }): void => {
      if (!changed.id || changed.id === id) {
        update();
      }
    };
    commands.commandChanged.connect(onChanged);
    return () => {
      commands.commandChanged.disconnect(onChanged);
    };
  }, [commands, id]);
  const exists = commands.hasCommand(id);
  return {
    enabled: exists && commands.isEnabled(id, args),
    caption: exists ? commands.caption(id, args) : '',
    execute: () => {
      void commands.execute(id, args);
    }
  };
}
