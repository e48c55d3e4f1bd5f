#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copies the pictures that the browser tests made of the panel, of the form, of a log and of the Spark UI to docs/images, where the README and the
# users' documentation show them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p docs/images
for names in light:panel log:log form-panel:form spark-ui:spark-ui; do
  picture=build/test-results/e2e/pictures/${names%:*}.png
  image=docs/images/${names#*:}.png
  [[ -f $picture ]] || { echo "screenshot: no $picture; run: make test-e2e" >&2; exit 1; }
  size=$(stat -c %s "$picture")
  [[ $size -lt 300000 ]] || { echo "screenshot: $picture has $size bytes, which is too much for the repository" >&2; exit 1; }
  cp "$picture" "$image"
  echo "$image ($size bytes)"
done
