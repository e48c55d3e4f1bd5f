// SPDX-License-Identifier: Apache-2.0
import {
  sessionIdle,
  type IKnownActivity,
  type Session
} from '@firesteel/client';
import * as React from 'react';
import { clientWords, sessionName } from '../activitywords';
import { CommandIDs } from '../commands';
import { formatAge, formatCount } from '../format';
import { CommandButton } from './CommandButton';
import { useNow, usePanel } from './context';

/** How many sessions are listed; of the others the list says how many. */
export const SESSIONS_SHOWN = 50;

/** The sessions of a connection, oldest first. */
export function SessionList(props: {
  readonly name: string;
  readonly activity: IKnownActivity;
}): JSX.Element | null {
  const { trans } = usePanel();
  const now = useNow(1_000);
  const { name, activity } = props;
  const { sessions } = activity;
  const more = sessions.length - SESSIONS_SHOWN;
  if (sessions.length === 0) {
    return null;
  }
  return (
    <>
      <ul
        className="firesteel-Rows firesteel-mod-scrolls"
        role="list"
        aria-label={trans.__('Sessions')}
      >
        {sessions.slice(0, SESSIONS_SHOWN).map(item => (
          <SessionRow
            key={`${item.user_id} ${item.session_id}`}
            name={name}
            session={item}
            idle={sessionIdle(item, activity, now)}
          />
        ))}
      </ul>
      {more > 0 && (
        <p className="firesteel-More">
          {trans.__('and %1 more', formatCount(more))}
        </p>
      )}
    </>
  );
}

function SessionRow(props: {
  readonly name: string;
  readonly session: Session;
  readonly idle: number;
}): JSX.Element {
  const { trans } = usePanel();
  const { name, session, idle } = props;
  const { session_id, client_type, notebook, running } = session;
  const title = sessionName(session, trans);
  const client = trans.__(
    '%1, since %2',
    clientWords(client_type, trans),
    new Date(session.started_at).toLocaleString()
  );
  const args = { session_id };
  return (
    <li className="firesteel-Row" data-firesteel-session={session_id}>
      <div className="firesteel-Row-name" title={notebook || client_type}>
        {title}
      </div>
      <CommandButton
        command={CommandIDs.releaseSession}
        name={name}
        args={args}
        label={trans.__('Release')}
        longLabel={trans.__('Release %1', title)}
      />
      <div className="firesteel-Row-state" title={client}>
        {running > 0
          ? trans.__('running')
          : trans.__('idle for %1', formatAge(idle, trans))}
      </div>
      {running > 0 && (
        <CommandButton
          command={CommandIDs.interrupt}
          name={name}
          args={args}
          label={trans.__('Interrupt')}
          longLabel={trans.__('Interrupt what %1 runs', title)}
        />
      )}
    </li>
  );
}
