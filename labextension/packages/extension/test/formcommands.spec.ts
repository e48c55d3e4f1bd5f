// SPDX-License-Identifier: Apache-2.0
import { CommandIDs, type IFiresteel } from '@firesteel/panels';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { connection, STAND_IN } from '../../client/test/samples';
import { FakeNotebook } from '../../panels/test/fakenotebook';
import { Harness } from '../../panels/test/harness';
import { addAttachCommands } from '../src/attachcommands';
import * as confirm from '../src/confirm';
import * as difference from '../src/difference';
import * as files from '../src/files';
import {
  addFormCommands,
  importOptions,
  isPresetName
} from '../src/formcommands';

jest.mock('../src/confirm');
jest.mock('../src/files');
jest.mock('../src/difference');

const confirmed = jest.mocked(confirm);
const shownDifference = jest.mocked(difference);
const moved = jest.mocked(files);
let harness: Harness;
let commands: CommandRegistry;
let context: Parameters<typeof addFormCommands>[1];

beforeEach(() => {
  jest.resetAllMocks();
  harness = new Harness();
  commands = new CommandRegistry();
  context = {
    firesteel: harness as unknown as IFiresteel,
    trans: harness.trans,
    showPanel: jest.fn(),
    asks: () => true
  };
  addFormCommands(commands, context);
  addAttachCommands(commands, context);
  harness.know();
});

afterEach(() => {
  harness.dispose();
});

/** A file as the browser gives it. */
function file(text: string, size = text.length) {
  return { name: 'x.conf', size, text: jest.fn().mockResolvedValue(text) };
}

/** What the next dialog for a text, or a choice, gives. */
function say(value: string | null): void {
  const answer = {
    button: { accept: value !== null } as never,
    isChecked: null,
    value
  };
  jest.spyOn(InputDialog, 'getText').mockResolvedValueOnce(answer);
  jest.spyOn(InputDialog, 'getItem').mockResolvedValueOnce(answer);
}

describe('import', () => {
  test('puts options into the form, and says what was refused', async () => {
    harness.api.readSparkDefaults.mockResolvedValue({
      options: { 'spark.a': '1', 'spark.b': '2' },
      problems: [
        {
          field: 'options.spark.ui.port',
          severity: 'warning',
          message: 'Firesteel sets it.'
        }
      ]
    });
    harness.model.form.open();
    harness.model.form.change(
      { options: [{ key: 0, name: 'spark.a', value: '0' }] },
      'options.0'
    );
    await importOptions(context, file('spark.a 1'));
    const form = harness.model.form.getState();
    expect(form?.draft.options.map(({ name, value }) => [name, value])).toEqual(
      [
        ['spark.a', '1'],
        ['spark.b', '2']
      ]
    );
    expect(form?.note).toEqual({
      message:
        '2 options came in from “x.conf”. Another value was replaced: 1. Look at these:',
      details: ['spark.ui.port: Firesteel sets it.']
    });
    expect(harness.api.create).not.toHaveBeenCalled();
  });

  test('of a large file is refused before it is read', async () => {
    const large = file('', 1_048_577);
    harness.model.form.open();
    await importOptions(context, large);
    expect(large.text).not.toHaveBeenCalled();
    expect(harness.model.form.getState()?.problem?.message).toMatch(/1 MiB/);
  });

  test('opens the form, and does nothing when no file is chosen', async () => {
    moved.pickFile.mockResolvedValue(undefined);
    await commands.execute(CommandIDs.importOptions);
    expect(harness.model.form.getState()).toBeDefined();
    expect(harness.api.readSparkDefaults).not.toHaveBeenCalled();
  });
});

test('export gives the form’s own options as a file', async () => {
  expect(commands.isEnabled(CommandIDs.exportOptions)).toBe(false);
  harness.model.form.fill('', { options: { 'spark.a': ' x ' } });
  harness.api.writeSparkDefaults.mockResolvedValue('spark.a  \\ x \n');
  await commands.execute(CommandIDs.exportOptions);
  expect(harness.api.writeSparkDefaults).toHaveBeenCalledWith({
    'spark.a': ' x '
  });
  expect(moved.download).toHaveBeenCalledWith(
    'spark-defaults.conf',
    'spark.a  \\ x \n'
  );
});

describe('presets', () => {
  test('are kept without a name of a connection', async () => {
    harness.model.form.open();
    say(' big ');
    await commands.execute(CommandIDs.savePreset);
    expect(harness.api.savePreset).toHaveBeenCalledWith('big', {
      cluster: 'local',
      bundles: [],
      options: {},
      environment: {}
    });
    expect(harness.model.form.getState()?.note?.message).toMatch(/“big”/);
  });

  test('are not replaced without asking', async () => {
    const preset = { name: 'big', cluster: '', bundles: [], options: {} };
    harness.api.presets.mockResolvedValue([{ ...preset, environment: {} }]);
    harness.model.form.open();
    await harness.model.catalog.prepare();
    confirmed.confirmReplacePreset.mockResolvedValue(false);
    say('big');
    await commands.execute(CommandIDs.savePreset);
    expect(harness.api.savePreset).not.toHaveBeenCalled();
    say('big');
    await commands.execute(CommandIDs.removePreset);
    expect(harness.api.removePreset).toHaveBeenCalledWith('big');
  });

  test.each([
    ['big', true],
    ['ü 1', true],
    ['', false],
    ['.', false],
    ['..', false],
    ['a/b', false],
    ['a\nb', false],
    ['x'.repeat(65), false]
  ])('%j can be a name: %s', (name, good) => {
    expect(isPresetName(name)).toBe(good);
  });
});

describe('a notebook’s configuration', () => {
  const ID = CommandIDs.attachConfig;
  let notebook: FakeNotebook;

  beforeEach(() => {
    notebook = new FakeNotebook();
    harness.model.attached.follow(notebook);
  });

  test('is attached from the connection that counts', async () => {
    expect(commands.isEnabled(ID)).toBe(false);
    harness.know(connection({ name: 'a', options: { 'spark.a': '1' } }));
    expect(commands.isEnabled(ID)).toBe(true);
    await commands.execute(ID);
    expect(notebook.value).toMatchObject({ firesteel: { connection: 'a' } });
    await commands.execute(CommandIDs.detachConfig);
    expect(notebook.value).toBeUndefined();
  });

  test('is attached without secrets, and that is said', async () => {
    const info = jest.spyOn(Notification, 'info').mockReturnValue('');
    const options = { 'spark.a': '1', 'spark.token': STAND_IN };
    harness.know(connection({ name: 'a', options }));
    await commands.execute(ID, { name: 'a' });
    expect(notebook.value).toMatchObject({
      list_of_options: [{ name: 'spark.a', value: '1' }]
    });
    expect(info.mock.calls.map(([words]) => words)).toEqual([
      'Attached without what looks secret: spark.token'
    ]);
  });

  test('is overwritten from the dialog that shows the difference', async () => {
    notebook.write({ list_of_options: [{ name: 'spark.a', value: '2' }] });
    harness.know(connection({ name: 'a', options: { 'spark.a': '1' } }));
    shownDifference.showDifference.mockResolvedValueOnce(false);
    await commands.execute(CommandIDs.showConfigDifference);
    expect(harness.model.attached.relation().kind).toBe('differs');
    shownDifference.showDifference.mockResolvedValueOnce(true);
    await commands.execute(CommandIDs.showConfigDifference);
    expect(harness.model.attached.relation().kind).toBe('same');
  });

  test('is started by its command only while none is ready', async () => {
    notebook.write({ list_of_options: [{ name: 'spark.a', value: '2' }] });
    await commands.execute(CommandIDs.startAttached);
    expect(harness.api.create).toHaveBeenCalledTimes(1);
    harness.know(connection({ name: 'a' }));
    await commands.execute(CommandIDs.startAttached);
    expect(harness.api.create).toHaveBeenCalledTimes(1);
    expect(harness.model.form.getState()).toBeDefined();
  });
});
