// SPDX-License-Identifier: Apache-2.0
import type { Endpoint } from '@firesteel/client';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { useEndpoint, usePanel } from './context';
import { CopyButton } from './CopyButton';

function address({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where other programs reach the connection, with a button for the whole URL. */
export function EndpointRow(props: {
  readonly name: string;
}): JSX.Element | null {
  const { trans, commands } = usePanel();
  const endpoint = useEndpoint();
  const { name } = props;
  if (!endpoint) {
    return null;
  }
  const usable = endpoint.port > 0;
  const words = usable
    ? address(endpoint)
    : (endpoint.problem ?? trans.__('No port was free.'));
  return (
    <div>
      <dt>{trans.__('Endpoint')}</dt>
      <dd
        title={words}
        data-firesteel-field="endpoint"
        data-firesteel-usable={usable}
      >
        <span>{words}</span>
        {usable && (
          <CopyButton
            label={trans.__('Copy endpoint')}
            onCopy={async () =>
              (await commands.execute(CommandIDs.copyEndpoint, { name })) ===
              true
            }
          />
        )}
      </dd>
    </div>
  );
}
