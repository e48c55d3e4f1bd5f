#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copies the picture that the browser tests made of the panel to docs/images/panel.png, where the README shows it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
picture=build/test-results/e2e/pictures/light.png
[[ -f $picture ]] || { echo "screenshot: no $picture; run: make test-e2e" >&2; exit 1; }
size=$(stat -c %s "$picture")
[[ $size -lt 300000 ]] || { echo "screenshot: $picture has $size bytes, which is too much for the repository" >&2; exit 1; }
mkdir -p docs/images
cp "$picture" docs/images/panel.png
echo "docs/images/panel.png ($size bytes)"
