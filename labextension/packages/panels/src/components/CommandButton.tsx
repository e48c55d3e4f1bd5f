// SPDX-License-Identifier: Apache-2.0
import { Button } from '@jupyterlab/ui-components';
import * as React from 'react';
import { useCommand } from './context';

export interface ICommandButtonProps {
  readonly command: string;
  readonly name: string;
  readonly label: string;
  readonly primary?: boolean;
}

/**
 * A button for a command on a connection. It stays reachable by keyboard when
 * the command is disabled, so that everybody can learn why from its title.
 */
export function CommandButton(props: ICommandButtonProps): JSX.Element {
  const { command, name, label, primary } = props;
  const { enabled, caption, execute } = useCommand(command, { name });
  return (
    <Button
      type="button"
      small
      className={`jp-mod-styled firesteel-Button ${primary ? 'jp-mod-accept' : ''}`}
      aria-disabled={!enabled}
      title={caption || undefined}
      data-command={command}
      onClick={() => enabled && execute()}
    >
      {label}
    </Button>
  );
}
