// SPDX-License-Identifier: Apache-2.0
import * as fs from 'node:fs';
import * as path from 'node:path';

import type { TestInfo } from '@playwright/test';

import { results } from './lab';

const file = path.join(results, '..', 'timings.json');

/** Prints a measured time (milliseconds), adds it to build/test-results/timings.json and to the test's report. */
export function record(info: TestInfo, what: string, milliseconds: number) {
  const rounded = Math.round(milliseconds);
  console.log(
    `measured: ${what} (${info.project.name}): ${(rounded / 1000).toFixed(2)} s`
  );
  info.annotations.push({ type: what, description: `${rounded} ms` });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const known = fs.existsSync(file)
    ? JSON.parse(fs.readFileSync(file, 'utf8'))
    : {};
  (known[info.project.name] ??= {})[what] = rounded;
  fs.writeFileSync(file, JSON.stringify(known, null, 2) + '\n');
}
