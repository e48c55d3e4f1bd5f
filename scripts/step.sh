#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/step.sh "what is done" command …: says so in one line, runs the command, shows its output only if it fails.
set -euo pipefail
what=$1; shift
mkdir -p build
log=$(mktemp build/step.XXXXXX)
printf '%s … ' "$what"
began=$SECONDS
if "$@" >"$log" 2>&1; then
  echo "$((SECONDS - began)) s"
  rm -f "$log"
else
  status=$?
  echo "failed (status $status):"
  tail -n 60 "$log" >&2
  echo "All of its output: $log" >&2
  exit "$status"
fi
