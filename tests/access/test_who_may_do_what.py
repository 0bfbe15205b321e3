"""Every operation of the public API, asked by everybody: the answers are those of the matrix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from .callers import Caller, Row
from .description import OPERATIONS
from .estate import Estate
from .matrix import MATRIX

LOGGED_IN = {Caller.PERSON, Caller.ANOTHER, Caller.HOLDER, Caller.WITHOUT_SCOPE}
SAID = {401: {"not-logged-in"}, 404: {"not-found", "nothing-to-link"}, 412: {"stale-version"}}
"""The types of problem by status, where every operation says the same."""
each_question = pytest.mark.parametrize(
    ("name", "caller"),
    [(name, caller) for name, row in MATRIX.items() for caller in Caller if row.answers[caller] is not None],
    ids=lambda value: value if isinstance(value, str) else value.name.lower(),
)


def test_every_operation_has_its_row():
    assert MATRIX.keys() == OPERATIONS.keys(), "tests/access/matrix.py must have a row for each operation of the API, and for nothing else."


def test_every_row_has_an_answer_for_everybody():
    assert all(set(row.answers) == set(Caller) for row in MATRIX.values())


@each_question
async def test_each_operation_answers_each_caller_as_the_matrix_says(estate: Estate, name: str, caller: Caller):
    row = MATRIX[name]
    status, text, kind = await asked(estate, name, caller)
    assert status == row.answers[caller], text
    if status >= 400:
        assert kind in _expected_problem(status, row, caller), text
    if caller is not Caller.PERSON and not _is_for_the_person(row, caller):
        assert not [secret for secret in estate.secrets if secret in text], "an answer to somebody else holds what is the person's"
    if row.ends_session and status < 400 and caller in LOGGED_IN:
        await estate.who(caller, OPERATIONS[name].service).logs_in()


async def asked(estate: Estate, name: str, caller: Caller) -> tuple[int, str, str]:
    """Status, body and type of problem of the answer."""
    operation, row = OPERATIONS[name], MATRIX[name]
    path = re.sub(r"\{(\w+)\}", lambda parameter: estate.things[row.path.get(parameter[1], parameter[1])], operation.template)
    content = {**row.content, "headers": {"Idempotency-Key": str(uuid4()), **row.content.get("headers", {})}}
    if row.query:
        content["params"] = {name: estate.things[thing] for name, thing in row.query.items()}
    match caller:
        case Caller.ANONYMOUS:
            return await _answer(await estate.espace.stranger(), operation.method, path, content)
        case Caller.REVOKED:
            return await _answer(await estate.espace.stranger(), operation.method, path, _with(content, cookie=f"espace={estate.revoked}"))
        case Caller.LOW:
            service = await estate.espace._client(operation.service)
            return await _answer(service, operation.method, path, _with(content, authorization=f"Bearer {estate.low_token()}"))
        case _:
            person = estate.asks_by(caller, operation.service)
            return await _answer(person._http, operation.method, path, _with(content, **person._on_behalf_of))


def _with(content: Mapping[str, Any], **headers: str) -> dict[str, Any]:
    return {**content, "headers": {**content["headers"], **headers}}


async def _answer(http: httpx.AsyncClient, method: str, path: str, content: Mapping[str, Any]) -> tuple[int, str, str]:
    async with http.stream(method, path, **content) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return answer.status_code, "", ""  # it would go on for as long as the session
        body = await answer.aread()
    kind = answer.json()["type"].removeprefix("/problems/") if answer.status_code >= 400 else ""
    return answer.status_code, body.decode(errors="replace"), kind


def _is_for_the_person(row: Row, caller: Caller) -> bool:
    """Whether the answer is about the person by right: to the holder of a mandate."""
    return caller is Caller.HOLDER and (row.answers[caller] or 0) < 400


def _expected_problem(status: int, row: Row, caller: Caller) -> set[str]:
    if status == 403:
        by_mandate = {"not-by-mandate"} if row.answers[Caller.HOLDER] == 403 else {"no-mandate"}
        return {"level-of-assurance"} if caller is Caller.LOW else by_mandate
    return SAID.get(status, set()) or {
        "invalid-request", "invalid-callback", "invalid-mobile", "no-code-open",
        "wrong-code", "login-mixed-up", "login-over", "login-of-another-browser", "nothing-to-link",
        "logout-token-refused", "mandate-refused", "not-forwarded-yet", "invalid-matricule",
    }  # fmt: skip
