// SPDX-License-Identifier: Apache-2.0
import type { LogApi } from './model';

/** How many characters are copied at most. */
export const COPY_MOST = 10_000_000;
const STEP = 5_000;

export interface ICopied {
  readonly text: string;
  readonly lines: number;
  /** Whether it is not all, but only the last of it. */
  readonly cut: boolean;
}

/**
 * The lines from `first` up to the one before `end` as text; when that is too
 * much, the last of them.
 */
export async function lastLines(
  api: Pick<LogApi, 'logLines'>,
  name: string,
  range: { readonly first: number; readonly end: number },
  show: (text: string) => string
): Promise<ICopied> {
  const chunks: string[][] = [];
  let characters = 0;
  let end = range.end;
  while (end > range.first && characters < COPY_MOST) {
    const first = Math.max(range.first, end - STEP);
    const chunk: string[] = [];
    // A reply has fewer lines than were asked for when they are long.
    for (let next = first; next < end;) {
      const window = await api.logLines(name, {
        first: next,
        limit: end - next
      });
      const read = window.lines.filter(line => line.number < end);
      if (read.length === 0) {
        break;
      }
      for (const line of read) {
        const text = show(line.text);
        chunk.push(text);
        characters += text.length + 1;
      }
      next = read[read.length - 1].number + 1;
    }
    chunks.unshift(chunk);
    end = first;
  }
  const all = chunks.flat();
  let from = 0;
  while (characters > COPY_MOST && from < all.length) {
    characters -= all[from].length + 1;
    from++;
  }
  const lines = all.length - from;
  return {
    text: all.slice(from).join('\n') + '\n',
    lines,
    cut: from > 0 || end > range.first
  };
}
