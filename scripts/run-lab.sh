#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts JupyterLab of .venv with the example notebook open. PORT: where; arguments go to `jupyter lab`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH" VIRTUAL_ENV="$PWD/.venv"
# As the default page the notebook is in the printed address, too.
arguments=(--ServerApp.port="${PORT:-8888}" --ServerApp.root_dir="$PWD/examples"
  --LabApp.default_url=/lab/tree/first-steps.ipynb)
[[ $EUID -ne 0 ]] || arguments+=(--ServerApp.allow_root=True)
[[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-}${BROWSER:-} || $(uname) == Darwin ]] || arguments+=(--no-browser)
exec .venv/bin/jupyter lab "${arguments[@]}" "$@"
