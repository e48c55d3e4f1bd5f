// SPDX-License-Identifier: Apache-2.0
import { LIMITS } from '@firesteel/client';
import { CommandIDs, definitionOf, problemOf } from '@firesteel/panels';
import { InputDialog } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import { confirmReplacePreset } from './confirm';
import type { ICommandContext } from './connectioncommands';
import { download, pickFile } from './files';

const FILE_NAME = 'spark-defaults.conf';

/** Read a spark-defaults.conf into the form; what is refused is said there. */
export async function importOptions(
  { firesteel, trans }: ICommandContext,
  file: Pick<File, 'name' | 'size' | 'text'>
): Promise<void> {
  const { api, model } = firesteel;
  const { form } = model;
  if (file.size > LIMITS.sparkDefaults) {
    const message = trans.__('“%1” is larger than 1 MiB.', file.name);
    form.say({ problem: { message } });
    return;
  }
  try {
    const text = await file.text();
    const { options, problems } = await api.readSparkDefaults(text);
    const count = Object.keys(options).length;
    const replaced = form.addOptions(options);
    const message = [
      trans._n(
        '%1 option came in from “%2”.',
        '%1 options came in from “%2”.',
        count,
        file.name
      ),
      replaced > 0 && trans.__('Another value was replaced: %1.', replaced),
      problems.length > 0 && trans.__('Look at these:')
    ]
      .filter(Boolean)
      .join(' ');
    const details = problems.map(({ field, message: words, advice }) =>
      [`${field.replace(/^options\./, '')}:`, words, advice]
        .filter(Boolean)
        .join(' ')
    );
    form.say({ note: { message, details } });
  } catch (reason) {
    form.say({ problem: problemOf(reason, trans) });
  }
}

async function exportOptions({
  firesteel,
  trans
}: ICommandContext): Promise<void> {
  const { api, model } = firesteel;
  const form = model.form.getState();
  if (!form) {
    return;
  }
  try {
    const { options } = definitionOf(form.draft);
    download(FILE_NAME, await api.writeSparkDefaults(options));
  } catch (reason) {
    model.form.say({ problem: problemOf(reason, trans) });
  }
}

/** Whether a preset can be called so; slashes and dots alone are no name for an address. */
export function isPresetName(name: string): boolean {
  // eslint-disable-next-line no-control-regex
  const unfit = /[/\\\u0000-\u001f\u007f]/;
  return (
    name !== '' &&
    name.length <= LIMITS.presetName &&
    !unfit.test(name) &&
    !/^\.+$/.test(name)
  );
}

async function savePreset({
  firesteel,
  trans
}: ICommandContext): Promise<void> {
  const { model } = firesteel;
  const { value } = await InputDialog.getText({
    title: trans.__('Save as preset'),
    label: trans.__('Name'),
    okLabel: trans.__('Save')
  });
  const name = value?.trim();
  const form = model.form.getState();
  if (!name || !form) {
    return;
  }
  if (!isPresetName(name)) {
    const message = trans.__(
      'A preset’s name has at most 64 characters, and no slash.'
    );
    model.form.say({ problem: { message } });
    return;
  }
  const { presets } = model.catalog.getState();
  const taken = presets.some(preset => preset.name === name);
  if (taken && !(await confirmReplacePreset(name, trans))) {
    return;
  }
  if (await model.catalog.savePreset(name, definitionOf(form.draft))) {
    const message = trans.__('Saved as preset “%1”.', name);
    model.form.say({ note: { message, details: [] } });
  }
}

async function removePreset({
  firesteel,
  trans
}: ICommandContext): Promise<void> {
  const { model } = firesteel;
  const { value } = await InputDialog.getItem({
    title: trans.__('Remove a preset'),
    items: model.catalog.getState().presets.map(({ name }) => name),
    okLabel: trans.__('Remove')
  });
  if (value && (await model.catalog.removePreset(value))) {
    const message = trans.__('The preset “%1” is removed.', value);
    model.form.say({ note: { message, details: [] } });
  }
}

/** Add the commands of the form's menu. */
export function addFormCommands(
  commands: CommandRegistry,
  context: ICommandContext
): void {
  const { firesteel, trans, showPanel } = context;
  const { model, store } = firesteel;
  const isOpen = (): boolean => model.form.getState() !== undefined;
  const hasOptions = (): boolean =>
    (model.form.getState()?.draft.options.length ?? 0) > 0;
  const hasPresets = (): boolean =>
    isOpen() && model.catalog.getState().presets.length > 0;
  const label =
    (inForm: string, inPalette: string) =>
    (args: object): string =>
      'inForm' in args ? inForm : inPalette;
  commands.addCommand(CommandIDs.importOptions, {
    label: label(
      trans.__('Import spark-defaults.conf…'),
      trans.__('Import Spark Options from spark-defaults.conf…')
    ),
    isEnabled: () => store.getState().known,
    execute: async () => {
      showPanel();
      model.form.open();
      const file = await pickFile('.conf,.properties,text/plain');
      if (file) {
        await importOptions(context, file);
      }
    }
  });
  commands.addCommand(CommandIDs.exportOptions, {
    label: label(
      trans.__('Export spark-defaults.conf'),
      trans.__('Export Spark Options of the Form')
    ),
    caption: trans.__('The options of the form, without those of bundles'),
    isEnabled: hasOptions,
    execute: () => exportOptions(context)
  });
  commands.addCommand(CommandIDs.savePreset, {
    label: label(
      trans.__('Save as Preset…'),
      trans.__('Save the Form as Preset…')
    ),
    isEnabled: isOpen,
    execute: () => savePreset(context)
  });
  commands.addCommand(CommandIDs.removePreset, {
    label: label(trans.__('Remove Preset…'), trans.__('Remove a Preset…')),
    isEnabled: hasPresets,
    execute: () => removePreset(context)
  });
}
