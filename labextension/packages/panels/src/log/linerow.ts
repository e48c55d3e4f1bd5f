// SPDX-License-Identifier: Apache-2.0
import type { LogLevel, LogLine } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatBytes } from '../format';
import { piecesOf, type Span } from './linetext';

/** A line as it is to be shown. */
export interface IShownLine {
  readonly line: Pick<LogLine, 'number' | 'source' | 'text' | 'cut'>;
  /** That holds at the line. */
  readonly level: LogLevel;
  readonly timestamps: boolean;
  readonly spans?: readonly Span[];
  /** Whether it is the hit that was gone to last. */
  readonly current: boolean;
  /** Whether the line can be gone to. */
  readonly numbered: boolean;
}

/** Whether both look the same. */
export function sameRow(
  one: IShownLine | undefined,
  other: IShownLine | undefined
): boolean {
  return (
    one === other ||
    (one !== undefined &&
      other !== undefined &&
      one.line.number === other.line.number &&
      one.line.text === other.line.text &&
      one.line.source === other.line.source &&
      one.line.cut === other.line.cut &&
      one.level === other.level &&
      one.timestamps === other.timestamps &&
      one.current === other.current &&
      one.numbered === other.numbered &&
      sameSpans(one.spans, other.spans))
  );
}

function sameSpans(
  one: readonly Span[] | undefined,
  other: readonly Span[] | undefined
): boolean {
  return one === other || String(one) === String(other);
}

/** The row of a line; of one that isn't known yet an empty one. Only text nodes are made of what is in the log. */
export function makeRow(
  shown: IShownLine | undefined,
  trans: TranslationBundle
): HTMLElement {
  const row = document.createElement('div');
  row.className = 'firesteel-LogRow';
  if (!shown) {
    row.dataset.coming = '';
    row.textContent = '\u00a0';
    return row;
  }
  const { line, level, timestamps, spans } = shown;
  row.dataset.line = String(line.number);
  row.dataset.level = level;
  if (shown.current) {
    row.setAttribute('aria-current', 'true');
  }
  if (shown.numbered) {
    row.append(goTo(line.number, trans));
  }
  if (line.source !== 'server') {
    row.dataset.source = line.source;
    row.append(mark(sourceWord(line.source, trans)));
  }
  for (const { text, kind } of piecesOf(line.text, {
    level,
    timestamps,
    marked: line.source !== 'server',
    spans
  })) {
    row.append(
      kind === 'plain'
        ? document.createTextNode(text)
        : piece(text, kind === 'hit' ? 'mark' : 'b')
    );
  }
  if (line.cut !== undefined) {
    const note = document.createElement('span');
    note.className = 'firesteel-LogCut';
    note.textContent = trans.__(' … %1 more', formatBytes(line.cut, trans));
    row.append(note);
  }
  // An empty line has a height, and is copied as one.
  row.append('\n');
  return row;
}

/** Where lines that aren't Spark's own come from. */
export function sourceWord(
  source: 'launch' | 'pre_script',
  trans: TranslationBundle
): string {
  return source === 'launch' ? 'Firesteel' : trans.__('pre-script');
}

function piece(text: string, tag: 'mark' | 'b'): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function mark(word: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'firesteel-LogSource';
  element.textContent = word;
  return element;
}

function goTo(number: number, trans: TranslationBundle): HTMLElement {
  const button = document.createElement('button');
  const shown = (number + 1).toLocaleString();
  button.type = 'button';
  button.className = 'firesteel-LogNumber';
  button.textContent = shown;
  button.title = trans.__('Show this line in the whole log');
  button.setAttribute(
    'aria-label',
    trans.__('Show line %1 in the whole log', shown)
  );
  return button;
}
