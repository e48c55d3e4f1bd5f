// SPDX-License-Identifier: Apache-2.0
import { Button } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { useCommand } from './context';

export interface ICommandButtonProps {
  readonly command: string;
  /** Of the connection, if it is about one. */
  readonly name?: string;
  readonly label: string;
  readonly primary?: boolean;
  /** What of the connection is meant. */
  readonly args?: ReadonlyPartialJSONObject;
  /** The label for those who don't see what the button stands beside. */
  readonly longLabel?: string;
}

/**
 * A button for a command on a connection. It stays reachable by keyboard when
 * the command is disabled, so that everybody can learn why from its title.
 */
export function CommandButton(props: ICommandButtonProps): JSX.Element {
  const { command, name, label, primary, args, longLabel } = props;
  const { enabled, caption, execute } = useCommand(command, {
    ...args,
    ...(name !== undefined && { name })
  });
  return (
    <Button
      type="button"
      small
      className={`jp-mod-styled firesteel-Button ${primary ? 'jp-mod-accept' : ''}`}
      aria-disabled={!enabled}
      aria-label={longLabel}
      title={caption || undefined}
      data-command={command}
      onClick={() => enabled && execute()}
    >
      {label}
    </Button>
  );
}
