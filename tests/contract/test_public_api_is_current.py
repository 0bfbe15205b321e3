"""The description of the public API: what the gateway lets pass is what the services say of themselves, and it is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from espace_gateway.api.session_cookie import cookie_name
from espace_gateway.domain.operation import operations_of
from espace_identity.api.cookie import SessionCookie

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "services/gateway/src/espace_gateway/assets/openapi.json").read_text(encoding="utf-8"))
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
}
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def test_the_committed_description_is_what_the_services_say_now():
    check = subprocess.run([sys.executable, ROOT / "bin/openapi", "--check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


def test_the_gateway_lets_pass_all_that_is_described():
    passing = {f"{method} {path}" for path, by_method in operations_of(DOCUMENT).items() for method in by_method}
    assert passing == OPERATIONS.keys()


def test_no_two_operations_have_the_same_name():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) for name in names)


@each_operation
def test_an_operation_says_what_it_does_where_it_goes_and_who_is_let_in(operation):
    assert operation["summary"][0].isupper()
    assert operation["x-espace-service"] in {"identity", "records", "procedures", "documents"}
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert "security" in operation


def test_only_the_login_the_logout_and_the_catalogue_want_no_login():
    open_to_all = {name for name, operation in OPERATIONS.items() if not operation["security"] or {} in operation["security"]}
    assert open_to_all == {"POST /api/v1/session", "DELETE /api/v1/session", "GET /api/v1/procedures/catalogue"}


@each_operation
def test_every_failure_of_an_operation_is_a_problem(operation):
    for status, answer in operation["responses"].items():
        if status >= "400":
            told = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            assert told["content"].keys() == {"application/problem+json"}
            assert told["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


@each_operation
def test_the_door_says_how_it_may_refuse(operation):
    expected = {"502", "503"} | ({"401", "403"} if operation["security"] == [{"session": []}] else set())
    assert expected <= operation["responses"].keys()


def test_every_reference_leads_somewhere():
    for reference in _references(DOCUMENT):
        part: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            assert name in part, reference
            part = part[name]


def test_every_schema_is_referred_to():
    assert {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]} <= set(_references(DOCUMENT))


def _references(part: object) -> Iterator[str]:
    match part:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for inner in part.values():
                yield from _references(inner)
        case list():
            for inner in part:
                yield from _references(inner)


@pytest.mark.parametrize("https", [True, False])
def test_the_gateway_reads_the_cookie_that_identity_gives(https):
    assert cookie_name(https=https) == SessionCookie(secure=https).name


def test_the_cookie_is_described_by_the_name_it_has_over_https():
    assert DOCUMENT["components"]["securitySchemes"]["session"]["name"] == cookie_name(https=True)


def test_every_type_of_problem_has_a_sentence_and_its_statuses():
    known = DOCUMENT["x-problems"]
    assert {"not-found", "not-logged-in", "too-large", "cross-site", "version-needed", "fresh-login-needed"} <= known.keys()
    for name, problem in known.items():
        assert problem["says"].endswith("."), name
        assert all(400 <= status < 600 for status in problem["statuses"]), name
