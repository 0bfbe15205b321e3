"""schemathesis asks every operation what nobody would think of: no answer is a server error, and each is one that the API describes."""

from __future__ import annotations

from uuid import uuid4

import pytest
import schemathesis
from harness.espace import Espace
from harness.person import InsuredPerson
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from .description import DOCUMENT
from .estate import things_of

EXAMPLES = 12
"""For each operation, and always the same: with about fifty operations some 600 requests, within half a minute."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
]  # fmt: skip
api = schemathesis.openapi.from_dict(DOCUMENT).exclude(operation_id="watchEvents")  # that answer ends with the session alone


@pytest.fixture(scope="module")
async def person(espace: Espace) -> InsuredPerson:
    """Somebody of their own for these tests, which change and delete what they can."""
    return await espace.insured_person(edelivery=True, family=True)


@pytest.fixture(scope="module")
async def things(espace: Espace, person: InsuredPerson) -> dict[str, str]:
    """What the person has, each by its name in a path."""
    return await things_of(espace, person)


@pytest.fixture
async def session(person: InsuredPerson, things: dict[str, str]) -> str:
    """The secret of a session that is open: some operations end it."""
    if (await person.asks("GET", "/api/v1/session")).status_code != 200:
        await person.logs_in()
    return person._http.cookies["espace"]


@api.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_request_breaks_it(case: schemathesis.Case, espace: Espace, things: dict[str, str], session: str):
    case.headers = {**(case.headers or {}), "Cookie": f"espace={session}", "Idempotency-Key": str(uuid4())}
    case.headers.pop("Espace-On-Behalf-Of", None)
    for name in (case.path_parameters or {}).keys() & things.keys():
        case.path_parameters[name] = things[name]
    answer = case.call(base_url=espace._stack.url("gateway"), allow_redirects=False, timeout=20)
    case.validate_response(answer, checks=CHECKS)
