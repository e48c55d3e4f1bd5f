// SPDX-License-Identifier: Apache-2.0
/** Lines in a server's log that the tests write themselves. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';

import type { Lab } from './lab';

/** Writes into the log of the connection as its server does: at its end. */
export function write(lab: Lab, connection: string, ...lines: string[]): void {
  fs.appendFileSync(
    lab.serverLog(connection),
    lines.map(line => `26/01/02 03:04:05 ${line}\n`).join('')
  );
}

/** At least so many bytes as Spark writes them while it works; every thousandth line is a warning. */
export function writeLarge(lab: Lab, connection: string, bytes: number): void {
  const file = lab.serverLog(connection);
  let number = 0;
  for (let written = 0; written < bytes;) {
    const lines: string[] = [];
    for (let count = 0; count < 20_000; count++) {
      number += 1;
      lines.push(
        number % 1_000 === 0
          ? `26/01/02 03:04:05 WARN BlockManager: Block rdd_${number} could not be removed as it was not found on disk or in memory\n`
          : `26/01/02 03:04:05 INFO TaskSetManager: Finished task ${number}.0 in stage 7.0 (TID ${number}) in 12 ms on localhost (executor driver)\n`
      );
    }
    const chunk = lines.join('');
    fs.appendFileSync(file, chunk);
    written += chunk.length;
  }
  write(lab, connection, 'INFO Test: the large log ends here');
}

/** At least so many bytes of which a compression makes little, and a last line. */
export function writeNoise(lab: Lab, connection: string, bytes: number): void {
  const file = lab.serverLog(connection);
  for (let written = 0; written < bytes;) {
    const noise = randomBytes(3_000_000).toString('base64');
    const chunk = noise.replaceAll(/.{200}/g, '26/01/02 03:04:05 INFO $&\n');
    fs.appendFileSync(file, chunk);
    written += chunk.length;
  }
  write(lab, connection, 'INFO Test: the large log ends here');
}
