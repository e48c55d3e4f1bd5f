// SPDX-License-Identifier: Apache-2.0
import { addIcon, Button } from '@jupyterlab/ui-components';
import * as React from 'react';
import { flameIcon } from '../icons';
import { CommandIDs } from '../commands';
import { ConnectionCard } from './ConnectionCard';
import { ConnectionForm } from './ConnectionForm';
import {
  useCatalog,
  useForm,
  usePanel,
  usePanelState,
  useStoreState
} from './context';
import { FreshnessBar } from './FreshnessBar';
import { LiveRegion } from './LiveRegion';
import { NotebookPart } from './NotebookPart';
import { Problem } from './Problem';

/** The whole panel. */
export function Panel(): JSX.Element {
  const { trans } = usePanel();
  const form = useForm();
  const { known, live, late, connections } = useStoreState();
  const stale = known && (!live || late);
  return (
    <div className="firesteel-Panel-content" data-stale={stale}>
      <Header />
      <FreshnessBar />
      <LiveRegion />
      <div className="firesteel-Panel-scroll">
        {form && <ConnectionForm key={form.editing ?? ''} form={form} />}
        {!form && connections.length === 0 && <Empty />}
        <ul
          className="firesteel-Cards"
          role="list"
          aria-label={trans.__('Spark connections')}
        >
          {connections.map(connection => (
            <li key={connection.id}>
              <ConnectionCard connection={connection} />
            </li>
          ))}
        </ul>
      </div>
      <NotebookPart />
    </div>
  );
}

function Header(): JSX.Element {
  const { commands, trans } = usePanel();
  const form = useForm();
  const { known } = useStoreState();
  return (
    <div className="firesteel-Header">
      <flameIcon.react tag="span" elementSize="normal" aria-hidden="true" />
      <h2>Firesteel</h2>
      <Button
        type="button"
        minimal
        small
        className="firesteel-NewButton"
        aria-label={trans.__('New connection')}
        title={trans.__('New connection')}
        disabled={!known || Boolean(form)}
        onClick={() => {
          void commands.execute(CommandIDs.newConnection);
        }}
      >
        <addIcon.react tag="span" elementSize="normal" />
        {trans.__('New')}
      </Button>
    </div>
  );
}

function Empty(): JSX.Element | null {
  const { model, trans } = usePanel();
  const { quickStart } = usePanelState();
  useCatalog();
  const { known, lost, clusters } = useStoreState();
  if (!known) {
    return lost ? null : (
      <p className="firesteel-Empty">{trans.__('Connecting to Firesteel…')}</p>
    );
  }
  const wanted = model.catalog.defaultCluster();
  const cluster = clusters.find(item => item.name === wanted);
  return (
    <div className="firesteel-Empty">
      <p>
        {trans.__('Start Spark once, and all your notebooks can share it.')}
      </p>
      {cluster && (
        <Button
          type="button"
          className="jp-mod-styled jp-mod-accept firesteel-Button"
          aria-disabled={quickStart.busy}
          title={cluster.description}
          onClick={() => {
            void model.startFirst();
          }}
        >
          {trans.__('Start Spark (%1)', cluster.display_name)}
        </Button>
      )}
      {quickStart.problem && <Problem problem={quickStart.problem} />}
    </div>
  );
}
