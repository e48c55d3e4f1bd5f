# SPDX-License-Identifier: Apache-2.0
"""The golden files are what the contract says."""

import json

import jsonschema
import pytest

import contract

GOLDEN = sorted((contract.API / "golden").glob("*.json"))
# A golden file's name begins with its schema's, in kebab-case: connection-ready.json holds a Connection.
SCHEMAS = {
    "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-"): name
    for name in contract.document()["components"]["schemas"]
}


def schema_of(stem: str) -> str:
    fitting = [name for name in SCHEMAS if stem == name or stem.startswith(name + "-")]
    assert fitting, f"{stem}.json begins with no schema's name"
    return SCHEMAS[max(fitting, key=len)]


def test_there_are_golden_files():
    assert GOLDEN


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_file_keeps_the_contract(path):
    contract.check(json.loads(path.read_text(encoding="utf-8")), schema_of(path.stem))


def test_every_schema_is_a_schema():
    for schema in contract.document()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere():
    text = json.dumps(contract.document())
    for part in text.split('"$ref": "#/')[1:]:
        node = contract.document()
        for key in part.split('"')[0].split("/"):
            node = node[key]
