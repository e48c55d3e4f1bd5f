// SPDX-License-Identifier: Apache-2.0
/**
 * Options whose values are secret. The daemon sends none of them: what comes in
 * place of one is a stand-in, which it takes for the value that it keeps.
 */

/** Spark's own pattern of names whose values are secret (`spark.redaction.regex`). */
const SECRET = /secret|password|token|access[.]?key/i;

const STAND_IN = /^\*{5}#[0-9a-f]{32}$/;

export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/** The options whose names say that they are secret. */
export function secretNames(options: Iterable<string>): string[] {
  return [...options].filter(isSecretName);
}

/** Whether it stands for a value that the daemon keeps. */
export function isStandIn(value: string): boolean {
  return STAND_IN.test(value);
}
