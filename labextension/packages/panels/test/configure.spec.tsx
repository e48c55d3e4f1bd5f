// SPDX-License-Identifier: Apache-2.0
/** The form as it is seen and used. */
import type { Bundle, OptionSource, Preview } from '@firesteel/client';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  catalog,
  connection,
  documented,
  snapshot
} from '../../client/test/samples';
import { Harness } from './harness';

let harness: Harness;

beforeEach(() => {
  harness = new Harness();
});

afterEach(() => {
  harness.dispose();
});

const BUNDLE: Bundle = {
  name: 'small',
  display_name: 'Small executors',
  clusters: [],
  spark_versions: [],
  options: [{ name: 'spark.executor.cores', value: '1' }],
  complete: true
};

const MERGED: Preview = {
  options: [
    {
      name: 'spark.executor.cores',
      value: '4',
      sources: [
        { kind: 'user', value: '4' },
        { kind: 'bundle', name: 'small', value: '1' }
      ]
    },
    {
      name: 'spark.jars',
      value: 'a.jar,b.jar',
      sources: [
        { kind: 'bundle', name: 'small', value: 'b.jar', joined: true },
        { kind: 'cluster', name: 'local', value: 'a.jar' },
        { kind: 'spark_defaults', value: 'c.jar' }
      ]
    }
  ],
  given: {},
  environment: ['HADOOP_CONF_DIR'],
  problems: []
};

async function open(
  begin = (): void => harness.model.form.open()
): Promise<HTMLElement> {
  harness.show();
  act(begin);
  // The catalogue, when it comes, has the preview asked for again.
  await waitFor(() =>
    expect(harness.model.form.getState()?.check.open).toBe(false)
  );
  return screen.getByRole('form');
}

describe('bundles', () => {
  test('that go with the cluster can be chosen, and say what they set', async () => {
    harness.api.catalog.mockResolvedValue(
      catalog({
        bundles: [
          BUNDLE,
          { ...BUNDLE, name: 'other', display_name: 'Other', complete: false },
          { ...BUNDLE, name: 'k8s', display_name: 'K8s', clusters: ['k8s'] }
        ]
      })
    );
    harness.know();
    const form = await open();
    const user = userEvent.setup();
    expect(within(form).queryByLabelText('K8s')).toBeNull();
    expect(within(form).getByLabelText('Other')).toHaveAccessibleDescription(
      /left out/
    );
    await user.click(within(form).getByLabelText('Other'));
    await user.click(within(form).getByLabelText('Small executors'));
    expect(harness.model.form.getState()?.draft.bundles).toEqual([
      'other',
      'small'
    ]);
    expect(form).toHaveTextContent('the one chosen later counts');
    await user.click(within(form).getAllByText('sets 1')[0]);
    expect(form).toHaveTextContent('spark.executor.cores1');
    await user.click(within(form).getByLabelText('Other'));
    expect(harness.model.form.getState()?.draft.bundles).toEqual(['small']);
  });

  test('say which of their values is replaced, and by what', async () => {
    const set = BUNDLE.options[0];
    harness.api.catalog.mockResolvedValue(
      catalog({
        bundles: [BUNDLE, { ...BUNDLE, name: 'big', display_name: 'Big' }]
      })
    );
    const small = { kind: 'bundle', name: 'small', value: '1' } as const;
    const big = { kind: 'bundle', name: 'big', value: '8' } as const;
    const sources = (...list: OptionSource[]) =>
      harness.api.preview.mockResolvedValue({
        options: [{ name: set.name, value: '', sources: list }],
        given: {},
        environment: [],
        problems: []
      });
    const rows = (): (string | null)[] =>
      [...form.querySelectorAll('.firesteel-Sets dd')].map(
        row => row.textContent
      );
    harness.know();
    sources(big, small);
    const form = await open();
    await waitFor(() =>
      expect(rows()).toEqual([
        `${set.value} not used: bundle “Big” sets it, too`,
        set.value
      ])
    );
    // What is joined to it leaves it in use.
    sources({ ...big, joined: true }, small);
    await userEvent.click(within(form).getByLabelText('Big'));
    await waitFor(() => expect(rows()).toEqual([set.value, set.value]));
  });

  test('that were chosen and go no more can be taken away', async () => {
    harness.know(
      connection({ name: 'a', state: 'stopped', bundles: ['gone'] })
    );
    const form = await open(() => harness.model.form.edit('a'));
    const box = within(form).getByLabelText('gone');
    expect(box).toBeChecked();
    expect(box).toHaveAccessibleDescription(/does not go/);
    await userEvent.click(box);
    expect(within(form).queryByLabelText('gone')).toBeNull();
  });
});

describe('the merged options', () => {
  test('say where each value comes from and what it overrides', async () => {
    harness.api.catalog.mockResolvedValue(catalog({ bundles: [BUNDLE] }));
    harness.api.preview.mockResolvedValue(MERGED);
    harness.know();
    const form = await open();
    expect(
      within(form).getByText('What Spark will get (2 options)')
    ).toBeVisible();
    const rows = (name: string): (string | null)[] =>
      [...form.querySelectorAll(`[data-firesteel-option="${name}"] li`)].map(
        item => item.textContent
      );
    expect(rows('spark.executor.cores')).toEqual([
      'from this form',
      'instead of “1” from bundle “Small executors”'
    ]);
    expect(rows('spark.jars')).toEqual([
      'from bundle “Small executors”',
      'joined to “a.jar” from cluster “Local”',
      'instead of “c.jar” from spark-defaults.conf'
    ]);
    expect(form).toHaveTextContent('HADOOP_CONF_DIR');
  });

  test('are shown short, and as they are', async () => {
    const value = `<img src=x onerror=alert(1)>${'x'.repeat(60_000)}`;
    harness.api.preview.mockResolvedValue({
      ...MERGED,
      options: [{ name: 'spark.a', value, sources: [{ kind: 'user', value }] }]
    });
    harness.know();
    const form = await open();
    const shown = form.querySelector('.firesteel-Value');
    expect(shown?.textContent?.length).toBe(80);
    expect(shown?.getAttribute('title')?.length).toBe(2_000);
    expect(form.querySelector('img')).toBeNull();
  });
});

describe('problems', () => {
  test('of the daemon are beside their fields, warnings unlike errors', async () => {
    harness.api.preview.mockResolvedValue({
      ...MERGED,
      problems: [
        {
          field: 'options.spark.a',
          severity: 'warning',
          message: 'Unknown.',
          advice: 'Did you mean spark.b?'
        },
        { field: 'cluster', severity: 'error', message: 'No such cluster.' },
        { field: 'options.spark.x', severity: 'error', message: 'Elsewhere.' }
      ]
    });
    harness.know(
      connection({ name: 'a', state: 'failed', options: { 'spark.a': '1' } })
    );
    const form = await open(() => harness.model.form.edit('a'));
    const name = within(form).getByLabelText('Name of option 1');
    expect(name).toHaveAccessibleDescription(/Unknown. Did you mean spark.b?/);
    expect(name).toBeValid();
    const alerts = within(form).getAllByRole('alert');
    expect(alerts.map(item => item.textContent)).toEqual([
      'No such cluster.',
      'Elsewhere.'
    ]);
    expect(within(form).getByRole('button', { name: 'Start' })).toHaveAttribute(
      'aria-disabled',
      'false'
    );
  });
});

describe('a running connection', () => {
  test('says what needs a restart, and offers it', async () => {
    harness.know(connection({ name: 'a', options: { 'spark.a': '1' } }));
    const form = await open(() => harness.model.form.edit('a'));
    const button = within(form).getByRole('button', {
      name: 'Restart with these'
    });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.type(within(form).getByLabelText('Value of option 1'), '2');
    expect(button).toHaveAttribute('aria-disabled', 'false');
    expect(form).toHaveTextContent('Needs a restart: 1 option.');
  });
});

describe('presets', () => {
  test('fill in the form, but for its name', async () => {
    harness.api.presets.mockResolvedValue([
      {
        name: 'big',
        cluster: '',
        bundles: ['small'],
        options: { 'spark.a': '1' },
        environment: { java_home: '/j' }
      }
    ]);
    harness.know();
    const form = await open();
    await userEvent.selectOptions(
      within(form).getByLabelText('Fill in a preset'),
      'big'
    );
    expect(harness.model.form.getState()?.draft).toEqual({
      name: 'local',
      cluster: 'local',
      bundles: ['small'],
      options: [{ key: 0, name: 'spark.a', value: '1' }],
      python: '',
      javaHome: '/j',
      sparkHome: ''
    });
    expect(form).toHaveTextContent('Filled in from the preset “big”.');
  });

  test('are not there while there are none', async () => {
    harness.know();
    const form = await open();
    expect(within(form).queryByLabelText('Fill in a preset')).toBeNull();
  });
});

describe('the cluster', () => {
  const { clusters } = snapshot();
  const all = [...clusters, { ...clusters[0], name: 'k8s', display_name: 'K' }];

  test.each([
    [false, 1],
    [true, 0]
  ])('fixed: %s, can be chosen: %s', async (cluster_is_fixed, boxes) => {
    harness.api.catalog.mockResolvedValue(
      catalog({ clusters: all, preselected: 'k8s', cluster_is_fixed })
    );
    harness.say({ ...snapshot(), clusters: all });
    const form = await open();
    expect(within(form).queryAllByLabelText('Cluster')).toHaveLength(boxes);
    expect(harness.model.form.getState()?.draft.cluster).toBe('k8s');
  });
});

describe('completion', () => {
  const options = [
    documented(),
    documented({
      name: 'spark.executor.memory',
      type: 'size',
      default: '1g',
      description: 'How much memory.'
    }),
    documented({ name: 'spark.executor.id', reserved: true })
  ];

  async function typeName(text: string): Promise<HTMLElement> {
    harness.api.sparkOptions.mockResolvedValue({ options, total: 12 });
    harness.know();
    const form = await open();
    const user = userEvent.setup();
    await user.click(within(form).getByText('Spark options'));
    await user.click(within(form).getByRole('button', { name: 'Add option' }));
    await user.keyboard(text);
    return within(form).getByRole('combobox', { name: 'Name of option 1' });
  }

  const list = (): Promise<HTMLElement[]> => screen.findAllByRole('option');

  test('shows type, default and meaning, and how many more there are', async () => {
    const field = await typeName('executor');
    expect((await list()).map(item => item.textContent)).toEqual([
      'spark.executor.coreswhole number · default 1How many cores.',
      'spark.executor.memorysize · default 1gHow much memory.',
      'spark.executor.idFiresteel sets this itselfHow many cores.'
    ]);
    expect(field).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText('and 9 more')).toBeVisible();
    expect(harness.api.sparkOptions.mock.calls.map(([query]) => query)).toEqual(
      [
        {
          q: 'executor',
          spark_version: undefined,
          limit: 30
        }
      ]
    );
  });

  test('is used by keyboard, and the meaning stays below', async () => {
    const field = await typeName('executor');
    const items = await list();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(field).toHaveAttribute('aria-activedescendant', items[1].id);
    expect(items[1]).toHaveAttribute('aria-selected', 'true');
    await userEvent.keyboard('{ArrowUp}{Enter}');
    expect(field).toHaveValue('spark.executor.cores');
    expect(field).toHaveAttribute('aria-expanded', 'false');
    const value = screen.getByLabelText('Value of option 1');
    expect(value).toHaveFocus();
    await waitFor(() =>
      expect(value).toHaveAccessibleDescription(
        /whole number · default 1 · Executors.*How many cores. Each runs a task./
      )
    );
    expect(harness.api.create).not.toHaveBeenCalled();
  });

  test('goes round, and past the last is what was typed', async () => {
    const field = await typeName('executor');
    const items = await list();
    await userEvent.keyboard('{ArrowUp}');
    expect(field).toHaveAttribute('aria-activedescendant', items[2].id);
    await userEvent.keyboard('{ArrowDown}');
    expect(field).not.toHaveAttribute('aria-activedescendant');
  });

  test('never takes what Firesteel sets itself', async () => {
    const field = await typeName('executor');
    const items = await list();
    await userEvent.click(items[2]);
    await userEvent.keyboard('{ArrowUp}{Enter}');
    expect(field).toHaveValue('executor');
    expect(items[2]).toHaveAttribute('aria-disabled', 'true');
  });

  test('is closed by Escape alone, and by Enter without starting', async () => {
    const field = await typeName('executor');
    await list();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('option')).toBeNull();
    expect(field).toHaveValue('executor');
    await userEvent.keyboard('{ArrowDown}');
    await list();
    await userEvent.keyboard('{Enter}');
    expect(screen.queryByRole('option')).toBeNull();
    expect(harness.api.create).not.toHaveBeenCalled();
  });

  test('that can’t be had says so, and typing goes on', async () => {
    harness.api.sparkOptions.mockRejectedValue(new TypeError('x'));
    harness.know();
    const form = await open();
    await userEvent.click(within(form).getByText('Spark options'));
    await userEvent.click(
      within(form).getByRole('button', { name: 'Add option' })
    );
    await userEvent.keyboard('spark.a');
    expect(await screen.findByText('TypeError: x')).toBeVisible();
    expect(within(form).getByLabelText('Name of option 1')).toHaveValue(
      'spark.a'
    );
  });
});
