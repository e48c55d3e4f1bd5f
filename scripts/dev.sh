#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# JupyterLab on the sources: what changes in daemon/ and labextension/ is built again while it runs.
#   scripts/dev.sh [ARGUMENTS OF jupyter lab]
# The daemon is replaced when it is built anew (servers go on); the panel needs a reload of the page, Python a new kernel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

labextensions=$PWD/build/dev/labextensions
mkdir -p "$labextensions/@firesteel"
ln -sfn "$PWD/python/firesteel/labextension" "$labextensions/@firesteel/labextension"
export FIRESTEEL_BINARY=$PWD/build/release/bin/firesteel
export FIRESTEEL_RUNTIME_DIR=${FIRESTEEL_RUNTIME_DIR:-${TMPDIR:-/tmp}/firesteel-dev-$EUID}
export PYTHONPATH=$PWD/python PATH="$PWD/.venv/bin:$PATH"
[[ -d $FIRESTEEL_RUNTIME_DIR ]] || mkdir -m 700 "$FIRESTEEL_RUNTIME_DIR"

replace_daemon() {
  local pid
  pid=$("$FIRESTEEL_BINARY" status --json 2>/dev/null | .venv/bin/python -c 'import json,sys; print(json.load(sys.stdin).get("pid", ""))' || true)
  [[ -z $pid ]] || kill "$pid"
}

watch() {
  local built now
  built=$(stat -c %Y "$FIRESTEEL_BINARY")
  while sleep 2; do
    make --silent build >build/dev/build.log 2>&1 || { echo "dev: the build failed:"; tail -n 20 build/dev/build.log; sleep 5; }
    now=$(stat -c %Y "$FIRESTEEL_BINARY" 2>/dev/null || echo "$built")
    if [[ $now != "$built" ]]; then
      echo "dev: another daemon takes over"
      built=$now
      replace_daemon
    fi
  done
}

watch &
watcher=$!
trap 'kill "$watcher" 2>/dev/null' EXIT
scripts/run-lab.sh --LabApp.extra_labextensions_path="$labextensions" "$@"
