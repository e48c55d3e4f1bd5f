#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test suite, one after the other and to the end, and closes with each runner's own closing lines.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
results=build/test-results
rm -rf "$results"
mkdir -p "$results"

make setup-test || exit 1
failed=()
for suite in unit contract python jest e2e; do
  printf '\n===== %s =====\n' "$suite"
  began=$SECONDS
  make "test-$suite" 2>&1 | tee "$results/$suite.log"
  [[ ${PIPESTATUS[0]} -eq 0 ]] || failed+=("$suite")
  echo "($suite took $((SECONDS - began)) s)" >>"$results/$suite.log"
done

printf '\n===== closing lines of each runner =====\n'
for suite in unit contract python jest e2e; do
  printf '%s:\n' "$suite"
  sed 's/\x1b\[[0-9;]*m//g' "$results/$suite.log" |
    grep -E '^[0-9]+% tests passed|^=+ .*(passed|failed|error).* =+$|^(Test Suites|Tests):|^ +[0-9]+ (passed|failed|flaky|skipped|did not run)|took [0-9]+ s\)$' |
    tail -n 6 | sed 's/^ */  /'
done
if [[ ${#failed[@]} -gt 0 ]]; then
  echo "FAILED: ${failed[*]}; logs, screenshots and traces are in $results" >&2
  exit 1
fi
