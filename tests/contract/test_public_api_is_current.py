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
from jsonschema import Draft202012Validator

from espace_gateway.api.session_cookie import cookie_name, login_cookie_name
from espace_gateway.domain.operation import operations_of
from espace_gateway.domain.rates import Rate
from espace_identity.api.cookie import LoginCookie, SessionCookie

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "services/gateway/src/espace_gateway/assets/openapi.json").read_text(encoding="utf-8"))
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
}
PASSING = operations_of(DOCUMENT)
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def test_the_committed_description_is_what_the_services_say_now():
    check = subprocess.run([sys.executable, ROOT / "bin/openapi", "--check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


def test_the_gateway_lets_pass_all_that_is_described():
    passing = {f"{method} {path}" for path, by_method in PASSING.items() for method in by_method}
    assert passing == OPERATIONS.keys()


def test_no_two_operations_have_the_same_name():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) for name in names)


@each_operation
def test_an_operation_says_what_it_does_where_it_goes_and_who_is_let_in(operation):
    assert operation["summary"][0].isupper()
    assert operation["x-espace-service"] in {"identity", "records", "procedures", "documents", "gateway"}
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert "security" in operation


def test_only_logging_in_and_out_what_is_nobodys_secret_and_procedures_by_direct_link_want_no_login():
    open_to_all = {
        operation["operationId"] for operation in OPERATIONS.values() if not operation["security"] or {} in operation["security"]
    }
    login = {"listLoginProviders", "beginLogin", "finishLogin", "linkIdentity", "hearProviderLogout", "logOut"}
    assert open_to_all == login | {"getCatalogue", "listAgencies", "listSlots", "makeChallenge", "submitDirectly", "verifyDocument"}


@each_operation
def test_what_a_mandate_opens_says_so_and_nothing_else_does(operation):
    header = {"$ref": "#/components/parameters/OnBehalfOf"} in operation.get("parameters", [])
    if header:
        assert operation["x-espace-service"] in {"records", "procedures", "documents"}
        assert operation["security"] == [{"session": []}]
    assert header is (operation["operationId"] in {row.name for rows in PASSING.values() for row in rows.values() if row.for_others})


def test_what_wants_a_fresh_login_is_not_for_mandate_holders():
    for_others = {row.name for rows in PASSING.values() for row in rows.values() if row.for_others}
    assert for_others.isdisjoint({"switchEdelivery", "giveMandate", "endMandate", "listAccesses", "watchEvents"})
    assert {"getMe", "listDocuments", "startProcedure"} <= for_others


@pytest.mark.parametrize("rate", Rate, ids=lambda rate: rate.name)
def test_a_rate_names_operations_that_exist(rate):
    assert set(rate.operations) <= OPERATIONS.keys()
    assert rate.because[0].islower()


@each_operation
def test_what_creates_something_takes_an_idempotency_key(operation, request):
    told = [parameter for parameter in operation.get("parameters", []) if parameter.get("name") == "Idempotency-Key"]
    if request.node.callspec.id.startswith("POST ") and "201" in operation["responses"] and operation["operationId"] != "linkIdentity":
        assert told  # linking is bound to one login in one browser, and so happens once
    assert all(parameter["required"] for parameter in told)


@each_operation
def test_every_body_of_json_has_an_example_that_fits(operation):
    bodies = [operation.get("requestBody", {}), *(answer for status, answer in operation["responses"].items() if status < "300")]
    for body in bodies:
        for kind, content in body.get("content", {}).items():
            if kind == "application/json":
                Draft202012Validator({**content["schema"], "components": DOCUMENT["components"]}).validate(content["example"])


@each_operation
def test_what_can_be_asked_for_again_says_how(operation):
    names = {parameter.get("name", parameter.get("$ref", "").rpartition("/")[2]) for parameter in operation.get("parameters", [])}
    if "304" in operation["responses"]:
        assert "ETag" in operation["responses"]["200"]["headers"]
        assert names & {"If-None-Match", "IfNoneMatch"}


@each_operation
def test_a_list_that_can_grow_comes_in_pages(operation):
    names = {parameter.get("name") for parameter in operation.get("parameters", [])}
    assert ("cursor" in names) is ("limit" in names)
    if operation["operationId"] in {"listProcedures", "listDocuments", "listMyReimbursements", "listAccesses"}:
        assert "cursor" in names


@each_operation
def test_every_failure_of_an_operation_is_a_problem(operation):
    for status, answer in operation["responses"].items():
        if status >= "400":
            told = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            assert told["content"].keys() == {"application/problem+json"}
            assert told["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


@each_operation
def test_the_door_says_how_it_may_refuse(operation):
    expected = {"429", "502", "503"} | ({"401", "403"} if operation["security"] == [{"session": []}] else set())
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
def test_the_gateway_reads_the_cookies_that_identity_gives(https):
    assert cookie_name(https=https) == SessionCookie(secure=https).name
    assert login_cookie_name(https=https) == LoginCookie(secure=https).name


def test_the_cookie_is_described_by_the_name_it_has_over_https():
    assert DOCUMENT["components"]["securitySchemes"]["session"]["name"] == cookie_name(https=True)


def test_every_type_of_problem_has_a_sentence_and_its_statuses():
    known = DOCUMENT["x-problems"]
    assert {"not-found", "not-logged-in", "too-large", "cross-site", "version-needed", "fresh-login-needed"} <= known.keys()
    for name, problem in known.items():
        assert problem["says"].endswith("."), name
        assert all(400 <= status < 600 for status in problem["statuses"]), name
