// SPDX-License-Identifier: Apache-2.0
import { Button, checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** How long (milliseconds) the button says that it has copied. */
const SHOWN = 1_500;

/** A button that copies something, and shows that it did. */
export function CopyButton(props: {
  readonly label: string;
  /** Gives whether it has copied. */
  readonly onCopy: () => boolean | Promise<boolean>;
}): JSX.Element {
  const [copied, setCopied] = React.useState(false);
  React.useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? checkIcon : copyIcon;
  return (
    <Button
      type="button"
      minimal
      small
      className="firesteel-IconButton"
      aria-label={props.label}
      title={props.label}
      data-copied={copied}
      onClick={() => {
        void Promise.resolve(props.onCopy()).then(setCopied);
      }}
    >
      <Icon.react tag="span" elementSize="normal" />
    </Button>
  );
}
