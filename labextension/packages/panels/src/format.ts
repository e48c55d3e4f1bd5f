// SPDX-License-Identifier: Apache-2.0
import type { ConnectionState, Phase } from '@firesteel/client';
import type { TranslationBundle } from '@jupyterlab/translation';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration that people wait for: `0.2 s`, `14 s`, `2 min 5 s`. */
export function formatWait(ms: number, trans: TranslationBundle): string {
  if (ms < 10 * SECOND) {
    return trans.__('%1 s', (Math.floor(ms / 100) / 10).toFixed(1));
  }
  if (ms < MINUTE) {
    return trans.__('%1 s', Math.floor(ms / SECOND));
  }
  const seconds = Math.floor((ms % MINUTE) / SECOND);
  return trans.__('%1 min %2 s', Math.floor(ms / MINUTE), seconds);
}

/** A duration in one round number: `12 s`, `4 min`, `2 h`, `3 d`. */
export function formatAge(ms: number, trans: TranslationBundle): string {
  if (ms < MINUTE) {
    return trans.__('%1 s', Math.floor(ms / SECOND));
  }
  if (ms < HOUR) {
    return trans.__('%1 min', Math.floor(ms / MINUTE));
  }
  if (ms < DAY) {
    return trans.__('%1 h', Math.floor(ms / HOUR));
  }
  return trans.__('%1 d', Math.floor(ms / DAY));
}

/** A number with its thousands apart. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** An amount of data in one round number: `512 B`, `1.2 GB`. */
export function formatBytes(bytes: number, trans: TranslationBundle): string {
  const units = [
    trans.__('B'),
    trans.__('kB'),
    trans.__('MB'),
    trans.__('GB'),
    trans.__('TB')
  ];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1_000 && unit < units.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && amount < 10 ? 1 : 0;
  // Never rounded up: 9.96 would be 10.0.
  const scale = 10 ** digits;
  const shown = (Math.floor(amount * scale) / scale).toFixed(digits);
  return `${shown} ${units[unit]}`;
}

/** A connection's state in one word. */
export function stateWord(
  state: ConnectionState,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'starting':
      return trans.__('Starting');
    case 'ready':
      return trans.__('Ready');
    case 'stopping':
      return trans.__('Stopping');
    case 'stopped':
      return trans.__('Stopped');
    case 'failed':
      return trans.__('Failed');
  }
}

/** What a phase is called: while it is to come or goes on, and when it is done. */
export function phaseWords(
  phase: Phase['phase'],
  trans: TranslationBundle
): { readonly going: string; readonly done: string } {
  switch (phase) {
    case 'preparing':
      return { going: trans.__('Preparing'), done: trans.__('Prepared') };
    case 'starting_jvm':
      return { going: trans.__('Starting JVM'), done: trans.__('JVM started') };
    case 'creating_driver':
      return {
        going: trans.__('Creating driver'),
        done: trans.__('Driver created')
      };
    case 'adopting':
      return {
        going: trans.__('Finding the running server'),
        done: trans.__('Running server found')
      };
  }
}
