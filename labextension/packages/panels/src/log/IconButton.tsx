// SPDX-License-Identifier: Apache-2.0
import { Button, type LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** A small button with an icon; `pressed` makes it one that stays down. */
export function IconButton(props: {
  readonly icon: LabIcon;
  readonly label: string;
  readonly onClick: (event: React.MouseEvent<HTMLElement>) => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly menu?: boolean;
  /** Beside the icon, where there is room. */
  readonly words?: string;
  readonly name: string;
}): JSX.Element {
  const { icon: Icon, label, pressed, disabled, words, onClick } = props;
  return (
    <Button
      type="button"
      minimal
      small
      className="firesteel-LogButton"
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={disabled}
      aria-haspopup={props.menu ? 'menu' : undefined}
      title={label}
      data-firesteel-button={props.name}
      onClick={event => {
        if (!disabled) {
          onClick(event);
        }
      }}
    >
      <Icon.react tag="span" elementSize="normal" />
      {words && <span className="firesteel-LogWords">{words}</span>}
    </Button>
  );
}
