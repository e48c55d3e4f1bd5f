#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/e2e-environment.sh VENV: a fresh environment with JupyterLab, Notebook and the wheel, as a user would have it;
# and JupyterHub, which the browser tests start it by as well.
set -euo pipefail
venv=$1
rm -rf "$venv"
mkdir -p "$(dirname "$venv")"
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/pip" install -q -c requirements/constraints.txt jupyterlab notebook jupyterhub
scripts/install-wheel.sh "$venv"
