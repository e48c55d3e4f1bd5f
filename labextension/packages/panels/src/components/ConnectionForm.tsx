// SPDX-License-Identifier: Apache-2.0
import { LIMITS, type Cluster } from '@firesteel/client';
import { Button, ellipsesIcon, HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import { changeWords } from '../formwords';
import type { FieldErrors, IDraft } from '../form';
import type { IForm } from '../formmodel';
import { BundlesPart } from './BundlesPart';
import { useCatalog, usePanel, useStoreState } from './context';
import { describedBy, FieldError, FieldWarning, TextField } from './Field';
import { MergedPart } from './MergedPart';
import { Note } from './Note';
import { OptionRows } from './OptionRows';
import { PresetField } from './PresetField';
import { Problem } from './Problem';
import { Section } from './Section';

/** What every part of the form gets. */
export interface IFormPart {
  readonly id: string;
  readonly draft: IDraft;
  readonly errors: FieldErrors;
  readonly warnings: FieldErrors;
}

/** The form of a new connection, or of one that is changed. */
export function ConnectionForm(props: { readonly form: IForm }): JSX.Element {
  const { model, trans } = usePanel();
  const id = React.useId();
  const nameRef = React.useRef<HTMLInputElement>(null);
  const { form } = props;
  const { editing, draft, busy, note } = form;
  const findings = model.form.findings();
  // What the daemon finds wrong may be right by now: it does not keep from asking.
  const errors = {
    ...findings.errors,
    ...form.refused,
    ...model.form.errors()
  };
  React.useEffect(() => {
    nameRef.current?.focus();
    nameRef.current?.select();
  }, []);
  const title = editing
    ? trans.__('Configure “%1”', editing)
    : trans.__('New connection');
  const part = { id, draft, errors, warnings: findings.warnings };
  return (
    <form
      className="firesteel-Form"
      aria-label={title}
      aria-busy={busy !== undefined}
      noValidate
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault();
        void model.form.submit();
      }}
    >
      <FormHeader title={title} />
      {note && <Note note={note} onDismiss={() => model.form.say()} />}
      <PresetField id={id} />
      {!editing && (
        <TextField
          id={`${id}-name`}
          label={trans.__('Name')}
          value={draft.name}
          error={errors.name}
          inputRef={nameRef}
          onChange={name => model.form.change({ name }, 'name')}
        />
      )}
      <ClusterField {...part} />
      <BundlesPart {...part} merged={form.check.preview?.options} />
      <OptionsPart {...part} />
      <EnvironmentPart {...part} />
      <MergedPart form={form} />
      {form.problem && <Problem problem={form.problem} />}
      <Submit form={form} />
    </form>
  );
}

function FormHeader(props: { readonly title: string }): JSX.Element {
  const { trans, openFormMenu } = usePanel();
  return (
    <div className="firesteel-Form-header">
      <h3 title={props.title}>{props.title}</h3>
      <Button
        type="button"
        minimal
        small
        className="firesteel-IconButton firesteel-MenuButton"
        aria-haspopup="menu"
        aria-label={trans.__('Import, export and presets')}
        title={trans.__('Import, export and presets')}
        onClick={event => {
          const box = event.currentTarget.getBoundingClientRect();
          openFormMenu(box.left, box.bottom);
        }}
      >
        <ellipsesIcon.react tag="span" elementSize="normal" />
      </Button>
    </div>
  );
}

/** The end of the form: what a restart is needed for, and the buttons. */
function Submit(props: { readonly form: IForm }): JSX.Element {
  const { model, trans } = usePanel();
  useStoreState();
  const { busy } = props.form;
  const runs = model.form.runs();
  const changes = model.form.changes();
  return (
    <>
      {runs && !busy && (
        <p className="firesteel-Hint" role="status">
          {changes
            ? trans.__('Needs a restart: %1.', changeWords(changes, trans))
            : trans.__('It runs. Whatever is changed here needs a restart.')}
        </p>
      )}
      <div className="firesteel-Actions">
        <Button
          type="submit"
          small
          className="jp-mod-styled jp-mod-accept firesteel-Button"
          aria-disabled={!model.form.canSubmit()}
        >
          {busy === 'stop'
            ? trans.__('Stopping…')
            : busy === 'start'
              ? trans.__('Starting…')
              : runs
                ? trans.__('Restart with these')
                : trans.__('Start')}
        </Button>
        <Button
          type="button"
          small
          className="jp-mod-styled firesteel-Button"
          onClick={() => model.form.close()}
        >
          {trans.__('Cancel')}
        </Button>
      </div>
    </>
  );
}

function ClusterField(props: IFormPart): JSX.Element {
  const { model, trans } = usePanel();
  const { clusters } = useStoreState();
  const { catalog } = useCatalog();
  const { id, draft, errors, warnings } = props;
  const chosen = clusters.find(item => item.name === draft.cluster);
  const fieldId = `${id}-cluster`;
  const [error, warning] = [errors.cluster, warnings.cluster];
  const messages = (
    <>
      <FieldError id={`${fieldId}-error`} message={error} />
      <FieldWarning id={`${fieldId}-warning`} message={warning} />
    </>
  );
  const fixed =
    catalog?.cluster_is_fixed && chosen?.name === catalog.preselected;
  if ((clusters.length === 1 || fixed) && chosen) {
    return (
      <div className="firesteel-Field" data-firesteel-field="cluster">
        <span className="firesteel-Label">{trans.__('Cluster')}</span>
        <span title={chosen.description}>{chosen.display_name}</span>
        {messages}
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
        aria-invalid={Boolean(error)}
        aria-describedby={describedBy(
          fieldId,
          ['error', error],
          ['warning', warning]
        )}
        options={listed.map(item => ({
          value: item.name,
          label: item.display_name
        }))}
        onChange={event =>
          model.form.change({ cluster: event.currentTarget.value }, 'cluster')
        }
      />
      {messages}
    </div>
  );
}

function OptionsPart(props: IFormPart): JSX.Element {
  const { model, trans } = usePanel();
  const { id, draft, errors, warnings } = props;
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
        warnings={warnings}
        onChange={(options, field) => model.form.change({ options }, field)}
      />
    </Section>
  );
}

function EnvironmentPart(props: IFormPart): JSX.Element {
  const { model, trans } = usePanel();
  const { id, draft, errors, warnings } = props;
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
          maxLength={LIMITS.path}
          error={errors[field]}
          warning={warnings[field]}
          onChange={value => model.form.change({ [key]: value }, field)}
        />
      ))}
    </Section>
  );
}
