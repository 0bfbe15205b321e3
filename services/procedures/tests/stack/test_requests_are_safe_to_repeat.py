"""Tabs, double clicks and lost answers: each request has its effect once, on the version its sender saw."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from espace_contracts.events import ProcedureForwarded

from .conftest import ANSWERS, PDF, bank_statement, page

BANK = {"kind": "bank_details_change", "locale": "de"}


def problem(answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["detail"].endswith(".")
    return answer.status_code, body["type"].removeprefix("/problems/")


async def test_a_repeated_start_gives_the_first_answer_and_one_procedure(service):
    person, key = service.person(), str(uuid4())
    first, again = [await person.ask("POST", key=key, json=BANK) for _ in range(2)]
    assert (first.status_code, first.headers["location"]) == (201, f"/api/v1/procedures/{first.json()['id']}")
    assert (again.status_code, again.content, again.headers["location"]) == (201, first.content, first.headers["location"])
    assert len((await person.ask("GET")).json()["procedures"]) == 1
    other_content = await person.ask("POST", key=key, json=BANK | {"locale": "fr"})
    assert problem(other_content) == (422, "idempotency-key-reused")


async def test_a_start_beside_an_open_one_gives_the_open_one(service):
    person = service.person()
    answers = await asyncio.gather(*(person.ask("POST", json=BANK) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await person.ask("POST", json=BANK | {"kind": "ehic_replacement_certificate"})
    assert other.status_code == 201


async def test_each_creation_wants_an_idempotency_key(service):
    person = service.person()
    answer = await person.http.post("/api/v1/procedures", json=BANK, headers={"authorization": f"Bearer {person._token()}"})
    assert problem(answer) == (400, "idempotency-key-missing")


async def forget_the_answers(service) -> None:
    """As if the service had died after each effect, before it could remember what it answered."""
    await service.database.answers.delete_many({})


async def test_a_repeat_after_a_crash_before_the_answer_was_remembered_has_one_effect(service, wire_):
    person = service.person()
    start, attach, submit = (str(uuid4()) for _ in range(3))

    async def twice(method: str, path: str = "", **request) -> dict:
        first = await person.ask(method, path, **request)
        await forget_the_answers(service)
        again = await person.ask(method, path, **request)
        assert first.status_code == again.status_code == 201
        assert again.json() == first.json()
        return first.json()

    draft = await twice("POST", key=start, json=BANK)
    saved = await person.saves(draft, ANSWERS)
    attached = await twice("POST", f"/{draft['id']}/attachments", key=attach, **bank_statement(PDF))
    assert len(attached["attachments"]) == 1
    forwarded = await twice("POST", f"/{draft['id']}/submissions", key=submit, version=attached["version"])
    assert saved["version"] < attached["version"] < forwarded["version"]
    await wire_.until(draft["id"], ProcedureForwarded.type)


async def test_of_two_submissions_at_once_one_wins(service, wire_):
    person = service.person()
    draft = await person.saves(await person.starts(), ANSWERS)
    answers = await asyncio.gather(
        *(person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"]) for _ in range(2)),
    )
    assert sorted(answer.status_code for answer in answers) in ([201, 409], [201, 412])
    assert (await person.reads(draft))["submissions"] == 1
    await wire_.until(draft["id"], ProcedureForwarded.type)


async def test_a_change_of_a_version_that_is_gone_is_refused(service):
    person = service.person()
    draft = await person.starts()
    await person.saves(draft, ANSWERS)
    for method, path in (("PUT", "/answers"), ("POST", "/submissions"), ("DELETE", "")):
        body = {"json": {"answers": {}}} if method == "PUT" else {}
        stale = await person.ask(method, f"/{draft['id']}{path}", version=draft["version"], **body)
        assert problem(stale) == (412, "stale-version")
    odd = await person.ask("PUT", f"/{draft['id']}/answers", headers={"if-match": 'W/"x"'}, json={"answers": {}})
    assert problem(odd) == (412, "stale-version")
    assert (await person.reads(draft))["answers"] == ANSWERS


async def test_a_change_that_names_no_version_is_refused(service):
    person = service.person()
    draft = await person.starts()
    assert problem(await person.ask("PUT", f"/{draft['id']}/answers", json={"answers": {}})) == (428, "version-needed")
    assert problem(await person.ask("POST", f"/{draft['id']}/submissions")) == (428, "version-needed")


async def test_files_that_come_at_once_are_all_kept(service):
    person = service.person()
    draft = await person.starts()
    answers = await asyncio.gather(
        *(person.ask("POST", f"/{draft['id']}/attachments", **bank_statement(page(400 + number))) for number in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409]
    attachments = (await person.reads(draft))["attachments"]
    assert len({attachment["sha256"] for attachment in attachments}) == len(attachments) == 5


async def test_a_deleted_draft_is_gone_with_its_files(service):
    person = service.person()
    draft = await person.attaches(await person.starts())
    stored = await service.database.procedures.find_one({"_id": UUID(draft["id"])})
    blob = stored["attachments"][0]["blob"]
    assert await service.database["attachments.files"].find_one({"_id": blob})
    assert (await person.ask("DELETE", f"/{draft['id']}", version=draft["version"])).status_code == 204
    assert problem(await person.ask("GET", f"/{draft['id']}")) == (404, "not-found")
    assert await service.database["attachments.files"].find_one({"_id": blob}) is None
    assert await service.database["attachments.chunks"].find_one({"files_id": blob}) is None
    await person.starts()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", "/answers"),
        ("POST", "/submissions"),
        ("POST", "/attachments"),
        ("DELETE", "/attachments/{attachment}"),
        ("DELETE", ""),
        ("GET", "/messages"),
        ("POST", "/messages"),
        ("PUT", "/messages/{attachment}/read"),
        ("POST", "/withdrawal"),
    ],
)
async def test_another_persons_procedure_is_not_found(service, method, path):
    person, stranger = service.person(), service.person()
    draft = await person.attaches(await person.starts())
    body = {
        "PUT /answers": {"json": {"answers": {}}},
        "POST /attachments": bank_statement(PDF),
        "POST /messages": {"json": {"text": "?"}},
    }.get(f"{method} {path}", {})
    version = draft["version"] if path in ("/answers", "/submissions", "/withdrawal") else None
    answer = await stranger.ask(method, f"/{draft['id']}{path.format(attachment=draft['attachments'][0]['id'])}", version=version, **body)
    assert problem(answer) == (404, "not-found")
    assert await person.reads(draft) == draft
    assert (await stranger.ask("GET")).json() == {"procedures": [], "next_cursor": None}
