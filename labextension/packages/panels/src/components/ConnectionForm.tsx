// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '@firesteel/client';
import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { FieldErrors, IDraft } from '../form';
import type { IForm } from '../model';
import { usePanel, useStoreState } from './context';
import { FieldError, TextField } from './Field';
import { OptionRows } from './OptionRows';
import { Problem } from './Problem';

interface IPartProps {
  readonly id: string;
  readonly draft: IDraft;
  readonly errors: FieldErrors;
}

/** The form of a new connection, or of one that is started again. */
export function ConnectionForm(props: { readonly form: IForm }): JSX.Element {
  const { model, trans } = usePanel();
  const id = React.useId();
  const nameRef = React.useRef<HTMLInputElement>(null);
  const { form } = props;
  const { editing, draft, busy } = form;
  const found = model.formErrors();
  // What the daemon refused may be right by now: it does not keep from asking.
  const errors = { ...form.refused, ...found };
  React.useEffect(() => {
    nameRef.current?.focus();
    nameRef.current?.select();
  }, []);
  const title = editing
    ? trans.__('Edit “%1”', editing)
    : trans.__('New connection');
  const part = { id, draft, errors };
  return (
    <form
      className="firesteel-Form"
      aria-label={title}
      aria-busy={busy}
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void model.submitForm();
      }}
    >
      <h3>{title}</h3>
      {!editing && (
        <TextField
          id={`${id}-name`}
          label={trans.__('Name')}
          value={draft.name}
          error={errors.name}
          inputRef={nameRef}
          onChange={name => model.changeDraft({ name }, 'name')}
        />
      )}
      <ClusterField {...part} />
      <OptionsPart {...part} />
      <EnvironmentPart {...part} />
      {form.problem && <Problem problem={form.problem} />}
      <div className="firesteel-Actions">
        <Button
          type="submit"
          small
          className="jp-mod-styled jp-mod-accept firesteel-Button"
          aria-disabled={busy || Object.keys(found).length > 0}
        >
          {busy ? trans.__('Starting…') : trans.__('Start')}
        </Button>
        <Button
          type="button"
          small
          className="jp-mod-styled firesteel-Button"
          onClick={() => model.closeForm()}
        >
          {trans.__('Cancel')}
        </Button>
      </div>
    </form>
  );
}

function ClusterField(props: IPartProps): JSX.Element {
  const { model, trans } = usePanel();
  const { clusters } = useStoreState();
  const { id, draft, errors } = props;
  const chosen = clusters.find(item => item.name === draft.cluster);
  const fieldId = `${id}-cluster`;
  const error = <FieldError id={`${fieldId}-error`} message={errors.cluster} />;
  if (clusters.length === 1 && chosen) {
    return (
      <div className="firesteel-Field" data-firesteel-field="cluster">
        <span className="firesteel-Label">{trans.__('Cluster')}</span>
        <span title={chosen.description}>{chosen.display_name}</span>
        {error}
      </div>
    );
  }
  // The cluster of a connection that is edited may have left the catalogue.
  const listed: readonly Pick<Cluster, 'name' | 'display_name'>[] = chosen
    ? clusters
    : [{ name: draft.cluster, display_name: draft.cluster }, ...clusters];
  return (
    <div className="firesteel-Field">
      <label htmlFor={fieldId}>{trans.__('Cluster')}</label>
      <HTMLSelect
        id={fieldId}
        value={draft.cluster}
        title={chosen?.description}
        aria-invalid={Boolean(errors.cluster)}
        aria-describedby={errors.cluster ? `${fieldId}-error` : undefined}
        options={listed.map(item => ({
          value: item.name,
          label: item.display_name
        }))}
        onChange={event =>
          model.changeDraft({ cluster: event.currentTarget.value }, 'cluster')
        }
      />
      {error}
    </div>
  );
}

function OptionsPart(props: IPartProps): JSX.Element {
  const { model, trans } = usePanel();
  const { id, draft, errors } = props;
  const wrong = Object.keys(errors).some(key => key.startsWith('options.'));
  const count = draft.options.length;
  return (
    <Section
      title={
        count > 0
          ? trans.__('Spark options (%1)', count)
          : trans.__('Spark options')
      }
      open={count > 0}
      forced={wrong}
    >
      <OptionRows
        id={`${id}-option`}
        rows={draft.options}
        errors={errors}
        onChange={(options, field) => model.changeDraft({ options }, field)}
      />
    </Section>
  );
}

function EnvironmentPart(props: IPartProps): JSX.Element {
  const { model, trans } = usePanel();
  const { id, draft, errors } = props;
  const found = trans.__('found by itself');
  const fields = [
    ['javaHome', 'environment.java_home', trans.__('Java home')],
    ['python', 'environment.python', trans.__('Python path')],
    ['sparkHome', 'environment.spark_home', trans.__('Spark home')]
  ] as const;
  return (
    <Section
      title={trans.__('Advanced')}
      open={fields.some(([key]) => draft[key] !== '')}
      forced={fields.some(([, field]) => field in errors)}
    >
      {fields.map(([key, field, label]) => (
        <TextField
          key={key}
          id={`${id}-${key}`}
          label={label}
          value={draft[key]}
          placeholder={found}
          maxLength={4096}
          error={errors[field]}
          onChange={value => model.changeDraft({ [key]: value }, field)}
        />
      ))}
    </Section>
  );
}

/** A part that can be folded; a message in it (`forced`) opens it. */
function Section(props: {
  readonly title: string;
  readonly open: boolean;
  readonly forced: boolean;
  readonly children: React.ReactNode;
}): JSX.Element {
  const { title, forced, children } = props;
  const [open, setOpen] = React.useState(props.open || forced);
  if (forced && !open) {
    setOpen(true);
  }
  return (
    <details
      className="firesteel-Section"
      open={open}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {children}
    </details>
  );
}
