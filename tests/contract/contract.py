# SPDX-License-Identifier: Apache-2.0
"""api/openapi.yaml as something that a reply can be held against."""

import copy
import json
from functools import cache
from pathlib import Path

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

API = Path(__file__).resolve().parents[2] / "api"
_ROOT = "urn:firesteel:openapi"


@cache
def document() -> dict:
    return yaml.safe_load((API / "openapi.yaml").read_text(encoding="utf-8"))


def _closed(node):
    """A copy in which an object with named properties has no others: a reply says nothing undocumented."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if closed.get("type") == "object" and isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _registry() -> Registry:
    resources = [(_ROOT, _closed(copy.deepcopy(document())))]
    for path in (API / "cli").glob("*.json"):
        text = path.read_text(encoding="utf-8").replace("../openapi.yaml#", f"{_ROOT}#")
        resources.append((f"urn:firesteel:cli:{path.stem}", json.loads(text)))
    return Registry().with_resources(
        (name, Resource(contents=contents, specification=DRAFT202012)) for name, contents in resources
    )


def _check(value, reference: str) -> None:
    validator = jsonschema.Draft202012Validator(
        {"$ref": reference},
        registry=_registry(),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    violations = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert not violations, f"against {reference}:\n  " + "\n  ".join(violations) + f"\nin {value!r}"


def check_pointer(value, pointer: str) -> None:
    """Raises AssertionError with every violation of the schema at `pointer` of the document."""
    _check(value, f"{_ROOT}#{pointer}")


def check_cli(value, schema: str) -> None:
    """Holds what a command printed against `api/cli/<schema>.json`."""
    _check(value, f"urn:firesteel:cli:{schema}")


def check(value, schema: str) -> None:
    """Holds a value against `components/schemas/<schema>`."""
    check_pointer(value, f"/components/schemas/{schema}")


def check_reply(response, path: str, method: str):
    """Holds an HTTP reply against what the document says of the operation; gives the JSON back."""
    responses = document()["paths"][path][method]["responses"]
    assert response.headers["content-type"].split(";")[0] == "application/json", response.headers
    body = response.json()
    status = str(response.status_code)
    if status not in responses:
        assert response.status_code >= 400, f"{method} {path} answered an undocumented {status}"
        check(body, "ErrorReply")
        return body
    if "$ref" in responses[status]:
        pointer = responses[status]["$ref"].removeprefix("#")
    else:
        pointer = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}/responses/{status}"
    check_pointer(body, pointer + "/content/application~1json/schema")
    return body


def operations():
    """Every (path, method, operation) of the document."""
    for path, item in document()["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield path, method, item[method]
