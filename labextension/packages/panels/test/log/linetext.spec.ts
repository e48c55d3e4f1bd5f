// SPDX-License-Identifier: Apache-2.0
import { piecesOf, plainText } from '../../src/log/linetext';

const plain = { level: 'none', timestamps: true } as const;

test('what terminals make colours of is left out, and hits stay where they are', () => {
  const text = '\u001b[31;1mERROR\u001b[0m disk \u001b]0;title\u0007full';
  expect(plainText(text, true)).toBe('ERROR disk full');
  const at = text.indexOf('full');
  expect(piecesOf(text, { ...plain, spans: [[at, at + 4]] })).toEqual([
    { text: 'ERROR', kind: 'plain' },
    { text: ' disk ', kind: 'plain' },
    { text: 'full', kind: 'hit' }
  ]);
});

test('a hit may reach over an escape', () => {
  const text = 'ab\u001b[1mcd';
  expect(piecesOf(text, { ...plain, spans: [[1, text.length - 1]] })).toEqual([
    { text: 'a', kind: 'plain' },
    { text: 'b', kind: 'hit' },
    { text: 'c', kind: 'hit' },
    { text: 'd', kind: 'plain' }
  ]);
});

test('what can not be seen, or turns the line around, is shown as a sign', () => {
  expect(plainText('a\u0000b\rc\u202etxt.exe\u007f\u001b', true)).toBe(
    'a\u2400b\u240dc\ufffdtxt.exe\u2421\u241b'
  );
  expect(plainText('a\tb', true)).toBe('a\tb');
});

test.each([
  ['26/01/02 03:04:05 WARN Foo: bar', 'WARN Foo: bar'],
  ['2026-01-02T03:04:05.678Z INFO x', 'INFO x'],
  ['[2026-01-02 03:04:05,678] INFO x', 'INFO x'],
  ['no time 26/01/02 03:04:05 here', 'no time 26/01/02 03:04:05 here']
])('without its time %s is %s', (text, expected) => {
  expect(plainText(text, false)).toBe(expected);
  expect(plainText(text, true)).toBe(text);
});

test('the word for the level is told apart, the first of them', () => {
  const text = '26/01/02 03:04:05 WARN Foo: a WARN';
  expect(piecesOf(text, { level: 'warn', timestamps: true })).toEqual([
    { text: '26/01/02 03:04:05 ', kind: 'plain' },
    { text: 'WARN', kind: 'level' },
    { text: ' Foo: a WARN', kind: 'plain' }
  ]);
});

test('a mark that is shown otherwise is left out', () => {
  const text = '[firesteel] Java 25';
  expect(piecesOf(text, { ...plain, marked: true })).toEqual([
    { text: 'Java 25', kind: 'plain' }
  ]);
  expect(plainText(text, true)).toBe(text);
});

test('spans that make no sense do no harm', () => {
  const spans = [[5, 2], [-3, 1], [2, 900], []];
  const pieces = piecesOf('abcdef', { ...plain, spans });
  expect(pieces.map(piece => piece.text).join('')).toBe('abcdef');
});
