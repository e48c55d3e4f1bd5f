// SPDX-License-Identifier: Apache-2.0
import { ApiError, UnreachableError } from '@firesteel/client';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { FakeLog, infoLines } from './fakelog';
import { VIEW, pass, logTab } from './opentab';

const tab = logTab();

function scroller(): HTMLElement {
  return screen.getByRole('log');
}

function rows(): HTMLElement[] {
  return [
    ...tab.widget.node.querySelectorAll<HTMLElement>('.firesteel-LogRow')
  ];
}

function texts(): string[] {
  return rows().map(row => row.textContent?.replace('\n', '') ?? '');
}

function last<T>(list: readonly T[]): T | undefined {
  return list[list.length - 1];
}

function figures(): string {
  return (
    tab.widget.node.querySelector('[data-firesteel-figures]')?.textContent ?? ''
  );
}

async function type(text: string): Promise<void> {
  fireEvent.change(screen.getByLabelText('Search the log'), {
    target: { value: text }
  });
  await pass();
}

async function scrollTo(place: number): Promise<void> {
  scroller().scrollTop = place;
  fireEvent.scroll(scroller());
  await pass();
}

describe('the lines', () => {
  test('opens at the end, with a few elements however long the log is', async () => {
    await tab.open(infoLines(100_000));
    expect(last(texts())).toBe('INFO line 99999');
    expect(rows().length).toBeLessThan(100);
    expect(scroller().scrollTop).toBe(100_000 * 18 - VIEW);
    expect(figures()).toBe('100,000 lines, 1.0 MB');
  });

  test('follows, until one scrolls up, and again at the end', async () => {
    await tab.open(infoLines(1_000));
    tab.log.add('INFO new');
    await pass();
    expect(last(texts())).toBe('INFO new');
    const place = scroller().scrollTop;
    await scrollTo(place - 400);
    expect(tab.button('follow')).toHaveAttribute('aria-pressed', 'false');
    tab.log.add(...infoLines(5));
    await pass();
    expect(scroller().scrollTop).toBe(place - 400);
    expect(figures()).toContain('paused; 5 new lines');
    await scrollTo(1_006 * 18 - VIEW);
    expect(tab.button('follow')).toHaveAttribute('aria-pressed', 'true');
    tab.log.add('INFO newer');
    await pass();
    expect(last(texts())).toBe('INFO newer');
  });

  test('paused, it stays at its end as it was', async () => {
    await tab.open(infoLines(1_000));
    fireEvent.click(tab.button('follow'));
    const place = scroller().scrollTop;
    tab.log.add(...infoLines(100));
    await pass();
    expect(scroller().scrollTop).toBe(place);
    fireEvent.click(tab.button('follow'));
    await pass();
    expect(scroller().scrollTop).toBe(1_100 * 18 - VIEW);
  });

  test('the keys go where they say', async () => {
    await tab.open(infoLines(10_000));
    fireEvent.keyDown(scroller(), { key: 'Home' });
    await pass();
    expect(texts()[0]).toBe('INFO line 0');
    expect(scroller().scrollTop).toBe(0);
    fireEvent.keyDown(scroller(), { key: 'PageDown' });
    expect(scroller().scrollTop).toBe(VIEW - 18);
    fireEvent.keyDown(scroller(), { key: 'End' });
    await pass();
    expect(last(texts())).toBe('INFO line 9999');
    expect(tab.button('follow')).toHaveAttribute('aria-pressed', 'true');
  });

  test('what is in a log is text, whatever it looks like', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)>',
      'ERROR <script>alert(1)</script>',
      '\u001b[31mred\u001b[0m &amp; \u202egnp.exe'
    ];
    await tab.open(hostile);
    expect(texts()).toEqual([
      hostile[0],
      hostile[1],
      'red &amp; \ufffdgnp.exe'
    ]);
    expect(scroller().querySelector('img, script')).toBeNull();
    await type('<img');
    expect(scroller().querySelector('mark')?.textContent).toBe('<img');
    expect(scroller().querySelector('img, script')).toBeNull();
  });

  test('says where a line comes from, how severe it is, and that it is cut', async () => {
    const marked = new FakeLog(['starting', 'ERROR b', '  at c']);
    marked.sources.set(0, 'pre_script');
    await tab.open(marked);
    const [first, error, trace] = rows();
    expect(first.dataset.source).toBe('pre_script');
    expect(within(first).getByText('pre-script')).toBeInTheDocument();
    expect([error.dataset.level, trace.dataset.level]).toEqual([
      'error',
      'error'
    ]);
    expect(error.querySelector('b')?.textContent).toBe('ERROR');
  });

  test('another log is shown with a mark, and followed', async () => {
    await tab.open(infoLines(1_000));
    tab.log.restart('INFO other');
    await pass();
    expect(texts()).toEqual(['INFO other']);
    expect(figures()).toContain('a new log since');
    tab.log.add('INFO more');
    await pass();
    expect(texts()).toEqual(['INFO other', 'INFO more']);
  });

  test('what was dropped is said, and how far the log is known', async () => {
    await tab.open(infoLines(1_000));
    tab.log.dropped = 400;
    tab.log.indexed = 4_000;
    tab.log.add('INFO x');
    await pass();
    expect(figures()).toBe(
      '601 lines, 6.0 kB · still looking through the log: 39 % · the first 400 lines (4.0 kB) were dropped to keep the disk free'
    );
  });

  test('timestamps and wrapping can be chosen', async () => {
    await tab.open(['26/01/02 03:04:05 INFO a']);
    act(() => tab.widget.tab.set({ timestamps: false }));
    await pass();
    expect(texts()).toEqual(['INFO a']);
    fireEvent.click(tab.button('wrap'));
    await pass();
    expect(scroller().dataset.wrap).toBe('true');
    expect(tab.onOptions).toHaveBeenCalledTimes(2);
    expect(tab.widget.options).toMatchObject({ timestamps: false, wrap: true });
  });
});

test('a line can be asked for before the log is known', async () => {
  const opened = tab.open(infoLines(5_000));
  act(() => tab.widget.goToLine(700));
  await opened;
  expect(scroller().querySelector('[aria-current]')?.textContent).toBe(
    'INFO line 700\n'
  );
  expect(tab.button('follow')).toHaveAttribute('aria-pressed', 'false');
});

describe('search and filter', () => {
  const mixed = infoLines(1_000).map((line, index) =>
    index % 100 === 50 ? `ERROR bad ${index}` : line
  );

  test('Enter goes from hit to hit, and round', async () => {
    await tab.open(mixed);
    await type('bad');
    const input = screen.getByLabelText('Search the log');
    const count = (): string =>
      tab.widget.node.querySelector('[data-firesteel-hits]')?.textContent ?? '';
    expect(count()).toBe('10');
    fireEvent.keyDown(input, { key: 'Enter' });
    await pass();
    expect(count()).toBe('1 of 10');
    const current = (): string | null | undefined =>
      scroller().querySelector('[aria-current]')?.textContent;
    expect(current()).toBe('ERROR bad 50\n');
    expect(tab.button('follow')).toHaveAttribute('aria-pressed', 'false');
    fireEvent.keyDown(input, { key: 'Enter', shiftKey: true });
    await pass();
    expect(count()).toBe('10 of 10');
    expect(current()).toBe('ERROR bad 950\n');
  });

  test('Ctrl+F leads to the field, Escape clears it and leads back', async () => {
    await tab.open(mixed);
    fireEvent.keyDown(scroller(), { key: 'f', ctrlKey: true });
    const input = screen.getByLabelText('Search the log');
    expect(input).toHaveFocus();
    await type('bad');
    fireEvent.keyDown(input, { key: 'Escape' });
    await pass();
    expect(input).toHaveValue('');
    expect(scroller().querySelector('mark')).toBeNull();
    fireEvent.keyDown(input, { key: 'Escape' });
    expect(scroller()).toHaveFocus();
  });

  test('a pattern that is refused is marked, with the reason', async () => {
    await tab.open(mixed);
    tab.log.failure = new ApiError(400, {
      code: 'bad_request',
      message: 'missing ): ('
    });
    fireEvent.click(tab.button('regex'));
    await type('(');
    expect(screen.getByLabelText('Search the log')).toHaveAttribute(
      'aria-invalid',
      'true'
    );
    expect(tab.news()).toContain('missing ): (');
  });

  test('a level shows the lines of that level, each with a way to its place', async () => {
    await tab.open(mixed);
    fireEvent.change(screen.getByLabelText('Which lines are shown'), {
      target: { value: 'errors' }
    });
    await pass();
    expect(rows()).toHaveLength(10);
    expect(figures()).toContain('10 lines found');
    fireEvent.click(
      screen.getByRole('button', { name: 'Show line 451 in the whole log' })
    );
    await pass();
    expect(screen.getByLabelText('Which lines are shown')).toHaveValue('all');
    expect(scroller().querySelector('[aria-current]')?.textContent).toBe(
      'ERROR bad 450\n'
    );
    expect(rows().length).toBeGreaterThan(30);
  });

  test('the first error is a click away', async () => {
    await tab.open(mixed);
    expect(tab.button('first-error')).toHaveTextContent('10');
    fireEvent.click(tab.button('first-error'));
    await pass();
    expect(scroller().querySelector('[aria-current]')?.textContent).toBe(
      'ERROR bad 50\n'
    );
  });

  test('without errors there is none to go to', async () => {
    await tab.open(infoLines(3));
    expect(tab.button('first-error')).toHaveAttribute('aria-disabled', 'true');
  });

  test('what was looked for comes back with the tab', async () => {
    await tab.open(mixed, { q: 'bad', filter: 'errors' });
    expect(screen.getByLabelText('Search the log')).toHaveValue('bad');
    expect(rows()).toHaveLength(10);
    expect(tab.log.searched[0]).toEqual({
      q: 'bad',
      regex: false,
      ignore_case: true,
      levels: ['error', 'fatal']
    });
  });

  test('a line that is asked for is shown and marked', async () => {
    await tab.open(mixed, { filter: 'errors' });
    act(() => tab.widget.goToLine(500));
    await pass();
    expect(scroller().querySelector('[aria-current]')?.textContent).toBe(
      'INFO line 500\n'
    );
  });
});

test('says why there is nothing newer, until there is', async () => {
  await tab.open(infoLines(3));
  tab.log.failure = new UnreachableError('network', 'x');
  tab.log.wake();
  await pass();
  expect(tab.news()).toMatch(
    /^The Jupyter server does not answer. What is shown is \d s old.$/
  );
  expect(texts()).toHaveLength(3);
  tab.log.failure = undefined;
  await pass(10_000);
  expect(tab.news()).toBe('');
});

test('asks for nothing while it is hidden', async () => {
  await tab.open(infoLines(3));
  act(() => tab.widget.hide());
  const before = tab.log.asked.length;
  await pass(60_000);
  expect(tab.log.asked).toHaveLength(before);
  act(() => tab.widget.show());
  await pass();
  expect(tab.log.asked.length).toBeGreaterThan(before);
});
