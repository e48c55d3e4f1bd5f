# SPDX-License-Identifier: Apache-2.0
"""What Spark Connect's messages look like in each line of Spark that is supported, as far as the daemon speaks them.

`protos/<line>.json` is made from the descriptors in Spark's own Python package and committed, so that no test needs the
network. `make spark-protos` makes all of them again; for a new line or patch, `make spark-protos ARGS=4.4.0`.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

HEADERS = Path(__file__).resolve().parents[2] / "daemon/modules/h2/include/firesteel/h2"
TABLES = "".join((HEADERS / name).read_text() for name in ("spark_fields.hpp", "spark_plans.hpp"))
# The daemon's: (message, field, number).
FIELDS = [
    (message, field, int(number))
    for message, field, number in re.findall(r'\{"([\w.]+)", "(\w+)", (\d+)\}[;,]', TABLES)
]
PLACE = Path(__file__).with_name("protos")

# {message: {field: [number, type]}}
Messages = dict[str, dict[str, list]]


def lines() -> dict[str, dict]:
    """What is committed, oldest line first."""
    found = {path.stem: json.loads(path.read_text()) for path in PLACE.glob("*.json")}
    return dict(sorted(found.items(), key=lambda one: [int(part) for part in one[0].split(".")]))


def _type_of(field: FieldDescriptorProto) -> str:
    kind = field.type_name.removeprefix(".") or FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    return f"repeated {kind}" if field.label == FieldDescriptorProto.LABEL_REPEATED else kind


def _collect(message: DescriptorProto, scope: str, wanted: set[str], out: Messages) -> None:
    name = f"{scope}.{message.name}"
    if name in wanted:
        out[name] = {field.name: [field.number, _type_of(field)] for field in message.field}
    for nested in message.nested_type:
        _collect(nested, name, wanted, out)


def messages_of(files: list[FileDescriptorProto]) -> Messages:
    """The messages that the daemon's tables name."""
    wanted = {message for message, _, _ in FIELDS}
    out: Messages = {}
    for file in files:
        for message in file.message_type:
            _collect(message, file.package, wanted, out)
    return dict(sorted(out.items()))


def _descriptor_in(source: bytes) -> FileDescriptorProto:
    """The one that a generated module (`…_pb2.py`) registers; the module isn't run."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "AddSerializedFile":
            return FileDescriptorProto.FromString(ast.literal_eval(node.args[0]))
    raise ValueError("no descriptor in a generated module")


def make(version: str) -> None:
    line = version.rpartition(".")[0]
    path = PLACE / f"{line}.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    with tempfile.TemporaryDirectory() as directory:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "pyspark", "-d", directory]
        subprocess.run([*pip, f"pyspark=={version}"], check=True)
        archive = next(Path(directory).iterdir())
        with archive.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if known.get("pyspark") == version and known["sha256"] != digest:
            raise SystemExit(
                f"pyspark {version} isn't what it was: sha256 {digest}, {path.name} says {known['sha256']}"
            )
        with tarfile.open(archive) as tar:
            files = [
                _descriptor_in(tar.extractfile(member).read())
                for member in tar
                if re.fullmatch(r"[^/]+/pyspark/sql/connect/proto/\w+_pb2\.py", member.name)
            ]
    found = {"pyspark": version, "sha256": digest, "messages": messages_of(files)}
    PLACE.mkdir(exist_ok=True)
    # One line for each field: a change is seen in a review.
    text = re.sub(r"\[\s+(\d+),\s+(\"[^\"]+\")\s+\]", r"[\1, \2]", json.dumps(found, indent=1))
    path.write_text(text + "\n")
    print(f"{path.name}: pyspark {version}, {len(found['messages'])} messages", flush=True)


if __name__ == "__main__":
    for asked in sys.argv[1:] or [one["pyspark"] for one in lines().values()]:
        make(asked)
