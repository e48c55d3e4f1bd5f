#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Names each given file whose first lines hold no licence line.
set -euo pipefail
status=0
for file in "$@"; do
  head -n 5 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || { echo "no licence line: $file"; status=1; }
done
exit "$status"
