#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs jlpm (JupyterLab's own yarn) in labextension/, with the package registry that npm is set to.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../labextension"
registry=$(npm config get registry 2>/dev/null || true)
[[ $registry == http* ]] && export YARN_NPM_REGISTRY_SERVER=${YARN_NPM_REGISTRY_SERVER:-${registry%/}}
export YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_PROGRESS_BARS=0
export PATH="$PWD/../.venv/bin:$PATH"
exec jlpm "$@"
