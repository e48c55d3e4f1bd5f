// SPDX-License-Identifier: Apache-2.0
import type { LogLevel } from '@firesteel/client';

/** UTF-16 offsets of a line's text: [begin, end). */
export type Span = readonly number[];

/** A piece of a line as it is shown. */
export interface IPiece {
  readonly text: string;
  /** Part of a hit, of the word that names the level, or neither. */
  readonly kind: 'hit' | 'level' | 'plain';
}

/** Colours and the like for terminals: CSI and OSC sequences, and other escapes. */
const ESCAPES =
  // eslint-disable-next-line no-control-regex
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

/** What a line of a log begins with if it tells the time. */
const TIMESTAMP =
  /^\[?\d{2,4}[-/]\d{2}[-/]\d{2}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?\]?\s+/;

/** What lines begin with that aren't the server's own: `[firesteel] `. */
const MARK = /^\[[a-z_-]+\] /;

/** Characters that would be invisible, or turn the rest of the line around. */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** How far (characters) into a line the word for its level may be. */
const LEVEL_WITHIN = 120;

/**
 * A line's text in pieces: escapes for terminals are left out, and on wish the
 * time; what can't be seen is shown as a sign.
 */
export function piecesOf(
  text: string,
  options: {
    readonly level: LogLevel;
    readonly timestamps: boolean;
    /** Whether a mark at the beginning is left out, as it is shown otherwise. */
    readonly marked?: boolean;
    readonly spans?: readonly Span[];
  }
): IPiece[] {
  const hidden = [...text.matchAll(ESCAPES)].map(spanOf);
  const time = options.timestamps ? null : TIMESTAMP.exec(text);
  const mark = options.marked ? MARK.exec(text) : null;
  for (const match of [time, mark]) {
    if (match) {
      hidden.push(spanOf(match));
    }
  }
  const hits = options.spans ?? [];
  const word = levelSpan(text, options.level);
  const edges = [...hidden, ...hits, ...(word ? [word] : [])]
    .flat()
    .filter(edge => edge > 0 && edge < text.length);
  const cuts = [...new Set([0, ...edges, text.length])].sort((a, b) => a - b);
  const pieces: IPiece[] = [];
  for (let index = 0; index + 1 < cuts.length; index++) {
    const [begin, end] = [cuts[index], cuts[index + 1]];
    if (!isIn(hidden, begin)) {
      const kind = isIn(hits, begin)
        ? 'hit'
        : word && isIn([word], begin)
          ? 'level'
          : 'plain';
      pieces.push({ text: visible(text.slice(begin, end)), kind });
    }
  }
  return pieces;
}

/** A line's text as it is shown, in one piece. */
export function plainText(text: string, timestamps: boolean): string {
  return piecesOf(text, { level: 'none', timestamps })
    .map(piece => piece.text)
    .join('');
}

function spanOf(match: RegExpMatchArray): [number, number] {
  const begin = match.index ?? 0;
  return [begin, begin + match[0].length];
}

function isIn(spans: readonly Span[], at: number): boolean {
  return spans.some(([begin, end]) => begin <= at && at < end);
}

function levelSpan(text: string, level: LogLevel): Span | undefined {
  if (level === 'none') {
    return undefined;
  }
  const pattern = new RegExp(`\\b${level}(?:ing)?\\b`, 'i');
  const match = pattern.exec(text.slice(0, LEVEL_WITHIN));
  return match ? spanOf(match) : undefined;
}

/** Controls as their pictures; what turns writing around, as the sign for "unknown". */
function visible(text: string): string {
  return text.replace(INVISIBLE, character => {
    const code = character.charCodeAt(0);
    return code < 0x20
      ? String.fromCharCode(0x2400 + code)
      : code === 0x7f
        ? '\u2421'
        : '\ufffd';
  });
}
