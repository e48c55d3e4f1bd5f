#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Format and types of the browser tests, with the tools of labextension/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../labextension"
node_modules/.bin/prettier --check --log-level warn --ignore-path .gitignore ui-tests
[[ -d ui-tests/node_modules/@playwright/test ]] || PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix ui-tests ci --no-audit --no-fund
node_modules/.bin/tsc -p ui-tests
