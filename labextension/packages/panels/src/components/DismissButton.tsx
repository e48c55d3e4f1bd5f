// SPDX-License-Identifier: Apache-2.0
import { Button, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { usePanel } from './context';

/** Takes away what was said. */
export function DismissButton(props: {
  readonly onDismiss: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  return (
    <Button
      type="button"
      minimal
      small
      className="firesteel-IconButton"
      aria-label={trans.__('Dismiss')}
      title={trans.__('Dismiss')}
      onClick={props.onDismiss}
    >
      <closeIcon.react tag="span" elementSize="normal" />
    </Button>
  );
}
