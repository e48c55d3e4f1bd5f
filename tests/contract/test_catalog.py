# SPDX-License-Identifier: Apache-2.0
"""The published schema of catalogues, the examples, and what `firesteel config check` says of them."""

import copy
import json

import jsonschema
import pytest
import yaml

import contract

SCHEMA = json.loads((contract.API / "catalog.schema.json").read_text(encoding="utf-8"))
EXAMPLES = contract.API.parent / "examples" / "catalog"
CATALOGUES = [EXAMPLES / "catalog.yaml", EXAMPLES / "existing-extension.json"]
DONE, FAILED = range(2)


def violations(value) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(value)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_examples_keep_the_schema(path):
    assert violations(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


def test_what_an_example_refers_to_keeps_it():
    site = json.loads((EXAMPLES / "site.json").read_text(encoding="utf-8"))
    assert violations({"bundles": site["shared"]["bundles"], "spark_options": site["documented"]}) == []


@pytest.fixture
def ours() -> dict:
    return copy.deepcopy(yaml.safe_load(CATALOGUES[0].read_text(encoding="utf-8")))


BROKEN = [
    ("clusters.local.webui_port: 70000", lambda c: c["clusters"]["local"].update(webui_port=70000)),
    ("clusters.local.pre_script_timeout: 0", lambda c: c["clusters"]["local"].update(pre_script_timeout=0)),
    ("clusters.local.pre_script_timeout: 1801", lambda c: c["clusters"]["local"].update(preScriptTimeout=1801)),
    ("clusters.local.pre_script_timeout: 1.5", lambda c: c["clusters"]["local"].update(pre_script_timeout=1.5)),
    ("clusters.local.colour: unknown", lambda c: c["clusters"]["local"].update(colour="red")),
    ("clusters.local.opts: a list", lambda c: c["clusters"]["local"].update(opts=[])),
    ("clusters.local.env: no name", lambda c: c["clusters"]["local"].update(env={"1X": "y"})),
    ("clusters: a list", lambda c: c.update(clusters=[])),
    ("bundles.large.options[0]: no value", lambda c: c["bundles"]["large"]["options"][0].pop("value")),
    ("error_suggestions[0].type: fatal", lambda c: c["error_suggestions"][0].update(type="fatal")),
    ("bundles_from_file: no file", lambda c: c["bundles_from_file"].pop("file")),
    ("spark_options[0]: no name", lambda c: c["spark_options"][0].pop("name")),
]


@pytest.mark.parametrize(("what", "change"), BROKEN, ids=[what for what, _ in BROKEN])
def test_what_the_schema_refuses_the_command_calls_an_error(no_java, ours, tmp_path, what, change):
    change(ours)
    assert violations(ours), what
    file = tmp_path / "catalog.json"
    (tmp_path / "site.json").write_bytes((EXAMPLES / "site.json").read_bytes())
    file.write_text(json.dumps(ours, indent=1), encoding="utf-8")
    result = no_java.cli("config", "check", str(file), "--json")
    contract.check_cli(result.json, "config-check")
    errors = [problem for problem in result.json["problems"] if problem["severity"] == "error"]
    assert (result.code, result.json["ok"], len(errors)) == (FAILED, False, 1)
    assert errors[0]["line"] > 0


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_the_command_finds_nothing_wrong_with_the_examples(no_java, path):
    result = no_java.cli("config", "check", str(path), "--json")
    contract.check_cli(result.json, "config-check")
    assert (result.code, result.json["problems"], result.err) == (DONE, [], "")
    (file,) = result.json["files"]
    assert "object_store" in file["bundles"]
    assert len(file["clusters"]) == 2


def test_words_name_file_line_and_path(no_java, tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("clusters:\n  a: {display_name: A, optss: {}}\n", encoding="utf-8")
    result = no_java.cli("config", "check", str(file))
    assert result.code == FAILED
    assert result.out.startswith(f"{file}:2: error: clusters.a.optss: ")
    assert "Did you mean 'opts'?" in result.out
