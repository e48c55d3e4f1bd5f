# SPDX-License-Identifier: Apache-2.0
"""Names each given notebook that holds outputs or execution counts."""

import json
import sys
from pathlib import Path


def has_outputs(path: str) -> bool:
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    return any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


dirty = [path for path in sys.argv[1:] if has_outputs(path)]
for path in dirty:
    print(f"{path}: has outputs; clear them (Kernel > Restart and Clear Outputs) before a commit")
sys.exit(bool(dirty))
