// SPDX-License-Identifier: Apache-2.0
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatAge, formatBytes, formatCount } from '../format';
import { problemOf } from '../problem';
import type { LogModel } from './model';
import { HITS_KEPT, SMALL, type ILogFinds } from './search';
import type { ILogTabState } from './tab';

/** How far something is: `40 %`. */
export function percent(
  done: number,
  total: number,
  trans: TranslationBundle
): string {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  return trans.__('%1 %', Math.floor(100 * part));
}

/** How many there are, and which was gone to: `12 of 340`. */
export function hitWords(
  finds: ILogFinds | undefined,
  place: number | undefined,
  trans: TranslationBundle
): string {
  if (!finds || finds.problem) {
    return '';
  }
  const count = formatCount(finds.found);
  const found =
    place !== undefined
      ? trans.__('%1 of %2', formatCount(place + 1), count)
      : finds.found === 0 && finds.running
        ? ''
        : finds.found === 0
          ? trans.__('none')
          : count;
  if (finds.running) {
    const part = percent(finds.done, finds.total, trans);
    return found ? `${found} · ${part}` : part;
  }
  return finds.cancelled ? trans.__('%1, cancelled', found) : found;
}

/** What is known of the log, in short sentences. */
export function logFigures(
  model: LogModel,
  state: ILogTabState,
  trans: TranslationBundle
): string[] {
  const { head } = model;
  if (!head) {
    return model.problem ? [] : [trans.__('Reading the log…')];
  }
  const words: string[] = [];
  if (head.bytes === 0) {
    words.push(trans.__('The log is empty.'));
  } else {
    const lines = trans._n(
      '%2 line',
      '%2 lines',
      head.end_line - head.first_line,
      formatCount(head.end_line - head.first_line)
    );
    words.push(
      `${lines}, ${formatBytes(head.bytes - head.dropped.bytes, trans)}`
    );
  }
  if (model.looking) {
    words.push(
      trans.__(
        'still looking through the log: %1',
        percent(head.indexed_bytes, head.bytes, trans)
      )
    );
  }
  if (head.dropped.bytes > 0) {
    words.push(droppedWords(head.dropped, trans));
  }
  if (model.anewAt !== undefined) {
    words.push(
      trans.__(
        'a new log since %1, as the server was started anew',
        new Date(model.anewAt).toLocaleTimeString()
      )
    );
  }
  if (!state.following && state.pausedAt !== undefined) {
    const more = Math.max(0, model.end - state.pausedAt);
    words.push(
      more > 0
        ? trans._n(
            'paused; %2 new line',
            'paused; %2 new lines',
            more,
            formatCount(more)
          )
        : trans.__('paused')
    );
  }
  return words;
}

/** What is to be said of a search, beyond how many there are. */
export function searchWords(
  model: LogModel,
  trans: TranslationBundle
): { readonly text: string; readonly again: boolean } | undefined {
  const { finds } = model.search;
  if (!finds) {
    return undefined;
  }
  if (finds.problem) {
    return { text: sentence(finds.problem, trans), again: false };
  }
  if (finds.running) {
    return undefined;
  }
  if (finds.cancelled) {
    return {
      text: trans.__(
        'The search was ended after %1 of the log.',
        percent(finds.done, finds.total, trans)
      ),
      again: true
    };
  }
  if (finds.found > finds.hits.length) {
    return {
      text: trans.__(
        'The first %1 of %2 lines found can be shown.',
        formatCount(HITS_KEPT),
        formatCount(finds.found)
      ),
      again: false
    };
  }
  const grown = (model.head?.bytes ?? 0) - finds.total;
  if (grown > 0 && (model.head?.bytes ?? 0) > SMALL) {
    return {
      text: trans.__('%1 came since the search.', formatBytes(grown, trans)),
      again: true
    };
  }
  return undefined;
}

/** Why there is nothing newer, and of when it is. */
export function problemWords(
  model: LogModel,
  now: number,
  trans: TranslationBundle
): string {
  if (!model.problem) {
    return '';
  }
  const text = sentence(model.problem, trans);
  return model.freshAt
    ? trans.__(
        '%1 What is shown is %2 old.',
        text,
        formatAge(Math.max(0, now - model.freshAt), trans)
      )
    : text;
}

function sentence(reason: unknown, trans: TranslationBundle): string {
  const { message, advice } = problemOf(reason, trans);
  return [message, advice].filter(Boolean).join(' ');
}

function droppedWords(
  dropped: { bytes: number; lines?: number },
  trans: TranslationBundle
): string {
  const amount = formatBytes(dropped.bytes, trans);
  return dropped.lines === undefined
    ? trans.__('the first %1 were dropped to keep the disk free', amount)
    : trans._n(
        'the first line (%3) was dropped to keep the disk free',
        'the first %2 lines (%3) were dropped to keep the disk free',
        dropped.lines,
        formatCount(dropped.lines),
        amount
      );
}
