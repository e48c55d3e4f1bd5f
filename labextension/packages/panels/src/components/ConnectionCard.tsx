// SPDX-License-Identifier: Apache-2.0
import { stateAge, type IKnownConnection } from '@firesteel/client';
import { Button, ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { formatAge, stateWord } from '../format';
import { own } from '../model';
import { hasSparkUi } from '../sparkuistate';
import { ActivityView, LiveLine } from './ActivityView';
import { CommandButton } from './CommandButton';
import { useNow, usePanel, usePanelState } from './context';
import { EndpointRow } from './EndpointRow';
import { FailureView } from './FailureView';
import { Phases } from './Phases';
import { Problem } from './Problem';
import { Suggestions } from './Suggestions';

interface ICardProps {
  readonly connection: IKnownConnection;
}

/**
 * One connection: what it is, how it is, and what can be done with it. What runs
 * there is told often; the card is made anew only when the connection changes.
 */
export const ConnectionCard = React.memo(function ConnectionCard(
  props: ICardProps
): JSX.Element {
  const { model, openMenu } = usePanel();
  const { problems, pending } = usePanelState();
  const { connection } = props;
  const { name, state } = connection;
  const problem = own(problems, name);
  const titleId = `firesteel-title-${connection.id}`;
  return (
    <div
      className="firesteel-Card"
      role="group"
      aria-labelledby={titleId}
      data-firesteel-connection={name}
      data-state={state}
      data-default={connection.is_default}
      aria-busy={own(pending, name) !== undefined}
      onContextMenu={event => {
        // Text that is selected keeps the browser's own menu.
        if (!event.shiftKey && !document.getSelection()?.toString()) {
          event.preventDefault();
          event.stopPropagation();
          openMenu(name, event.clientX, event.clientY);
        }
      }}
    >
      <CardHeader connection={connection} titleId={titleId} />
      {state === 'starting' && <Phases connection={connection} />}
      {state === 'ready' && <Details connection={connection} />}
      {state === 'failed' && connection.failure && (
        <FailureView failure={connection.failure} />
      )}
      <Suggestions name={name} suggestions={connection.suggestions ?? []} />
      {problem && (
        <Problem
          problem={problem}
          onDismiss={() => model.dismissProblem(name)}
        />
      )}
      {state === 'ready' && <LiveLine name={name} />}
      <Actions connection={connection} />
      {state === 'ready' && <ActivityView name={name} />}
    </div>
  );
});

function CardHeader(
  props: ICardProps & { readonly titleId: string }
): JSX.Element {
  const { trans, openMenu } = usePanel();
  const { connection, titleId } = props;
  const { name } = connection;
  return (
    <div className="firesteel-Card-header">
      <div className="firesteel-Card-title">
        <span className="firesteel-Dot" aria-hidden="true" />
        <h3 id={titleId} title={name}>
          {name}
        </h3>
        {connection.is_default && (
          <span
            className="firesteel-Tag"
            title={trans.__('Notebooks that name no connection get this one.')}
          >
            {trans.__('default')}
          </span>
        )}
        <Button
          type="button"
          minimal
          small
          className="firesteel-IconButton firesteel-MenuButton"
          aria-haspopup="menu"
          aria-label={trans.__('More actions for %1', name)}
          title={trans.__('More actions')}
          onClick={event => {
            const box = event.currentTarget.getBoundingClientRect();
            openMenu(name, box.left, box.bottom);
          }}
        >
          <ellipsesIcon.react tag="span" elementSize="normal" />
        </Button>
      </div>
      <StateLine connection={connection} />
    </div>
  );
}

function StateLine(props: ICardProps): JSX.Element {
  const { trans } = usePanel();
  const now = useNow(1_000);
  const { connection } = props;
  const { state, ready_at, spark_version } = connection;
  const age = formatAge(stateAge(connection, now), trans);
  const ended = state === 'stopped' || state === 'failed';
  const since =
    state === 'ready' && ready_at
      ? new Date(ready_at).toLocaleString()
      : undefined;
  return (
    <div className="firesteel-StateLine">
      <span className="firesteel-State" title={since}>
        <span data-firesteel-state-word="">{stateWord(state, trans)}</span>{' '}
        <span className="firesteel-Age">
          {ended ? trans.__('%1 ago', age) : age}
        </span>
      </span>
      <span className="firesteel-Kind">
        {connection.cluster_display_name}
        {spark_version && !ended && (
          <> · {trans.__('Spark %1', spark_version)}</>
        )}
      </span>
    </div>
  );
}

function Details(props: ICardProps): JSX.Element {
  const { trans } = usePanel();
  const { name, application_id } = props.connection;
  return (
    <dl className="firesteel-Details">
      {application_id && (
        <div>
          <dt>{trans.__('Application')}</dt>
          <dd title={application_id} data-firesteel-field="application_id">
            <span>{application_id}</span>
          </dd>
        </div>
      )}
      <EndpointRow name={name} />
    </dl>
  );
}

function Actions(props: ICardProps): JSX.Element | null {
  const { trans } = usePanel();
  const { name, state } = props.connection;
  switch (state) {
    case 'starting':
      return (
        <div className="firesteel-Actions">
          <CommandButton
            command={CommandIDs.stop}
            name={name}
            label={trans.__('Cancel')}
          />
        </div>
      );
    case 'ready':
      return (
        <div className="firesteel-Actions">
          <CommandButton
            command={CommandIDs.insertCode}
            name={name}
            label={trans.__('Insert code')}
            primary
          />
          <CommandButton
            command={CommandIDs.showSparkUi}
            name={name}
            label={trans.__('Spark UI')}
          />
          <CommandButton
            command={CommandIDs.showLog}
            name={name}
            label={trans.__('Log')}
          />
          <CommandButton
            command={CommandIDs.restart}
            name={name}
            label={trans.__('Restart')}
          />
          <CommandButton
            command={CommandIDs.stop}
            name={name}
            label={trans.__('Stop')}
          />
        </div>
      );
    case 'stopping':
      return null;
    case 'stopped':
    case 'failed':
      return <EndedActions {...props} />;
  }
}

function EndedActions(props: ICardProps): JSX.Element {
  const { trans } = usePanel();
  const { name, state } = props.connection;
  const failed = state === 'failed';
  return (
    <div className="firesteel-Actions">
      <CommandButton
        command={CommandIDs.start}
        name={name}
        label={failed ? trans.__('Retry') : trans.__('Start')}
        primary
      />
      {failed && (
        <CommandButton
          command={CommandIDs.edit}
          name={name}
          label={trans.__('Edit and retry')}
        />
      )}
      {hasSparkUi(props.connection) && (
        <CommandButton
          command={CommandIDs.showSparkUi}
          name={name}
          label={trans.__('Spark UI')}
        />
      )}
      <CommandButton
        command={CommandIDs.remove}
        name={name}
        label={trans.__('Remove')}
      />
    </div>
  );
}
