// SPDX-License-Identifier: Apache-2.0
import * as React from 'react';

/** A part that can be folded; a message in it (`forced`) opens it. */
export function Section(props: {
  readonly title: string;
  readonly open?: boolean;
  readonly forced?: boolean;
  readonly busy?: boolean;
  readonly children: React.ReactNode;
}): JSX.Element {
  const { title, forced = false, children } = props;
  const [open, setOpen] = React.useState(Boolean(props.open) || forced);
  const [before, setBefore] = React.useState(forced);
  if (forced !== before) {
    // Once for each message: what is folded with it in view stays folded.
    setBefore(forced);
    if (forced) {
      setOpen(true);
    }
  }
  return (
    <details
      className="firesteel-Section"
      open={open}
      aria-busy={props.busy}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {children}
    </details>
  );
}
