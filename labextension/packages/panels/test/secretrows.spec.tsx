// SPDX-License-Identifier: Apache-2.0
/** Secret options in the form, as they are seen and used. */
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { connection, STAND_IN } from '../../client/test/samples';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
});

const value = (): HTMLElement => screen.getByLabelText('Value of option 1');
const name = (): HTMLElement => screen.getByLabelText('Name of option 1');
const drafted = (): string | undefined =>
  harness.model.form.getState()?.draft.options[0]?.value;

/** The form of a connection with this option. */
async function edit(option: string, with_: string): Promise<HTMLElement> {
  harness.know(
    connection({ name: 'a', state: 'stopped', options: { [option]: with_ } })
  );
  harness.show();
  act(() => harness.model.form.edit('a'));
  // The catalogue, when it comes, has the preview asked for again.
  await waitFor(() =>
    expect(harness.model.form.getState()?.check.open).toBe(false)
  );
  return screen.getByRole('form');
}

describe('a secret that is kept', () => {
  test('is only said to be', async () => {
    const form = await edit('spark.a.token', STAND_IN);
    expect(value()).toHaveValue('');
    expect(value()).toHaveAttribute('placeholder', 'kept as it is');
    expect(value()).toHaveAccessibleDescription(
      'A value is kept. What you type replaces it.'
    );
    expect(form.outerHTML).not.toContain(STAND_IN);
    expect(drafted()).toBe(STAND_IN);
    expect(harness.model.form.changes()).toBeUndefined();
  });

  test('is kept by a start', async () => {
    await edit('spark.a.token', STAND_IN);
    await act(() => harness.model.form.submit());
    expect(harness.api.start).toHaveBeenCalledWith(
      'a',
      expect.objectContaining({ options: { 'spark.a.token': STAND_IN } })
    );
  });

  test('is replaced by what is typed, and back when that is deleted', async () => {
    await edit('spark.a.token', STAND_IN);
    await userEvent.type(value(), 'new');
    expect(value()).toHaveValue('new');
    expect(value()).toHaveFocus();
    expect(value()).not.toHaveAccessibleDescription(/kept/);
    expect(drafted()).toBe('new');
    await userEvent.clear(value());
    expect(value()).toHaveAttribute('placeholder', 'kept as it is');
    expect(drafted()).toBe(STAND_IN);
  });

  test('is gone under another name, and back under its own', async () => {
    await edit('spark.a.token', STAND_IN);
    await userEvent.type(name(), '{Backspace}');
    expect(drafted()).toBe('');
    expect(value()).toHaveAttribute('placeholder', 'value');
    await userEvent.type(name(), 'n');
    expect(drafted()).toBe(STAND_IN);
  });

  test('is announced beside what is wrong with it', async () => {
    harness.api.preview.mockResolvedValue({
      options: [],
      given: {},
      environment: [],
      problems: [
        {
          field: 'options.spark.a.token',
          severity: 'error',
          message: 'It isn’t kept here.'
        }
      ]
    });
    await edit('spark.a.token', STAND_IN);
    expect(value()).toBeInvalid();
    expect(value()).toHaveAccessibleDescription(/kept\. .*It isn’t kept here/);
  });
});

describe('the field of a value', () => {
  test('hides a secret, and keeps password managers away', async () => {
    await edit('spark.a.token', '');
    expect(value()).toHaveAttribute('type', 'password');
    expect(value()).toHaveAttribute('autocomplete', 'new-password');
    expect(value()).toHaveAttribute('spellcheck', 'false');
    expect(value()).toHaveAttribute('data-1p-ignore');
  });

  test('shows others', async () => {
    await edit('spark.a', '1');
    expect(value()).toHaveAttribute('type', 'text');
    expect(value()).toHaveAttribute('autocomplete', 'off');
    expect(value()).not.toHaveAttribute('data-1p-ignore');
  });

  test('is the same one, with the same value, while the name is typed', async () => {
    await edit('spark.a.toke', 'mine');
    const field = value();
    expect(field).toHaveAttribute('type', 'text');
    await userEvent.type(name(), 'n');
    expect(name()).toHaveFocus();
    expect(value()).toBe(field);
    expect(field).toHaveAttribute('type', 'password');
    expect(field).toHaveValue('mine');
  });

  test('shows nothing that it hid before it was empty', async () => {
    await edit('spark.a.token', 'mine');
    const field = value();
    await userEvent.type(name(), '{Backspace}');
    expect(field).toHaveAttribute('type', 'password');
    expect(field).toHaveValue('mine');
    await userEvent.clear(field);
    expect(field).toHaveAttribute('type', 'text');
    expect(field).toHaveFocus();
  });
});
