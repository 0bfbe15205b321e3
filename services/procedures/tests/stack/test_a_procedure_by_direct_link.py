"""Without login, over HTTP, on the real broker and the real store."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt

from espace_contracts.events import PersonRecorded, ProcedureForwarded
from espace_contracts.vocabulary import InsuredId, Locale, PostalAddress, ProcedureKind
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER
from espace_procedures.api.cursors import cursor_of, place_at
from espace_procedures.app.list_unmatched import ListUnmatched
from espace_procedures.domain.applicant import Applicant
from espace_procedures.domain.direct_submission import KEPT, DirectSubmission
from espace_procedures.storage.direct_submissions import StoredDirectSubmissions
from espace_procedures.storage.sealing import Seal

from .conftest import ANSWERS, PDF, Service, Wire

DIRECT = "/api/v1/direct-procedures/bank_details_change"
MATRICULES = {"Mathieu": "1990093012358", "Weber": "2003042581939", "Hoffmann": "1983081246785", "Schmit": "1993102814564"}


def applicant(family_name: str) -> dict[str, Any]:
    matricule = MATRICULES[family_name]
    born = f"{matricule[:4]}-{matricule[4:6]}-{matricule[6:8]}"
    return {
        "matricule": matricule, "given_name": "Dominique", "family_name": family_name, "date_of_birth": born,
        "address_lines": ["1, rue d'ailleurs", "L-0000 Nulle part"], "country": "LU", "email": "dominique@example.lu",
    }  # fmt: skip


def recorded(family_name: str, insured: InsuredId) -> PersonRecorded:
    typed = applicant(family_name)
    return PersonRecorded(
        insured=insured, revision=1, matricule=typed["matricule"], given_name="Dominique", family_name=family_name.upper(),
        date_of_birth=date.fromisoformat(typed["date_of_birth"]), address=PostalAddress(lines=("2, rue du dossier",), country="LU"),
        locale=Locale.FRENCH,
    )  # fmt: skip


async def challenged(service: Service) -> dict[str, Any]:
    answer = await service.http.post("/api/v1/challenges", json={"locale": "en"}, headers={"idempotency-key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    [numbers] = [shown["question"].removeprefix("How much is ").split("?")[0].split(" plus ")]
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return {"challenge": shown["challenge"], "answer": str(sum(map(words.index, numbers)))}


async def form(service: Service, family_name: str, **changed: Any) -> dict[str, Any]:
    typed = {"locale": "en", "accepts_terms": True, "applicant": applicant(family_name), "answers": ANSWERS}
    return typed | await challenged(service) | changed


async def sends(service: Service, typed: dict[str, Any], *, key: str | None = None, path: str = DIRECT) -> httpx.Response:
    files = [("request", (None, json.dumps(typed), "application/json")), ("bank_statement", ("RIB.pdf", PDF))]
    return await service.http.post(path, files=files, headers={"idempotency-key": key or str(uuid4())})


async def forwarded(wire_: Wire, insured: InsuredId) -> list[dict[str, Any]]:
    """What was forwarded for this person, once there is something."""

    def found() -> list[dict[str, Any]]:
        records = [record for record in wire_.heard if dict(record.headers)["ce_type"] == ProcedureForwarded.type.encode()]
        return [told for told in (json.loads(record.value) for record in records) if told["insured"] == str(insured)]

    async with asyncio.timeout(30):
        while not found():
            await asyncio.sleep(0.02)
    return found()


def submission_at(moment: datetime) -> DirectSubmission:
    typed = applicant("Weber") | {"date_of_birth": date(2003, 4, 25), "address_lines": ("1, rue d'ailleurs",), "phone": None}
    return DirectSubmission(
        id=uuid4(), kind=ProcedureKind.BANK_DETAILS_CHANGE, locale=Locale.ENGLISH, applicant=Applicant(**typed), answers=ANSWERS,
        attachments=(), received_at=moment, expires_at=moment + KEPT,
    )  # fmt: skip


async def swept(service: Service) -> int:
    [sweep] = [sweeper.repair for sweeper in service.wiring.sweepers if sweeper.name == "submissions without a person"]
    return await sweep()


async def ask_for_unmatched(service: Service, **params: Any) -> httpx.Response:
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "oversight", "kind": "service", "iat": now, "exp": now + 60}
    token = jwt.encode({"alg": ALGORITHM, "kid": service.key.thumbprint()}, claims, service.key)
    return await service.http.get("/internal/unmatched-submissions", params=params, headers={"authorization": f"Bearer {token}"})


async def unmatched(service: Service, receipt: str) -> list[dict[str, Any]]:
    answer = await ask_for_unmatched(service, receipt=receipt)
    assert (answer.status_code, answer.json()["next_cursor"]) == (200, None)
    found: list[dict[str, Any]] = answer.json()["submissions"]
    return found


async def test_a_person_on_file_gets_a_receipt_and_the_fund_the_procedure(service, wire_):
    insured = InsuredId(uuid4())
    await wire_.tell(recorded("Mathieu", insured))
    records = service.database["persons"]
    async with asyncio.timeout(30):
        while await records.find_one({"_id": insured}) is None:
            await asyncio.sleep(0.02)
    typed, key = await form(service, "Mathieu"), str(uuid4())
    first = await sends(service, typed, key=key)
    assert first.status_code == 201, first.text
    assert set(first.json()) == {"receipt", "next_step"}
    again = await sends(service, typed, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    [told] = await forwarded(wire_, insured)
    assert (told["with_login"], told["answers"], told["locale"]) == (False, ANSWERS, "en")
    assert [attachment["role"] for attachment in told["attachments"]] == ["bank_statement"]
    person = service.person(insured=insured)
    assert (await person.ask("GET")).json()["procedures"] == []
    assert (await person.ask("GET", f"/{told['procedure']}")).status_code == 404
    other = await sends(service, typed)
    assert (other.status_code, [error["field"] for error in other.json()["errors"]]) == (422, ["challenge"])


async def test_somebody_not_on_file_gets_the_same_answer_and_is_found_later(service, wire_):
    answer = await sends(service, await form(service, "Weber"))
    assert (answer.status_code, set(answer.json())) == (201, {"receipt", "next_step"})
    [waiting] = await unmatched(service, answer.json()["receipt"])
    assert waiting["receipt"] == answer.json()["receipt"]
    assert waiting["applicant"]["matricule"] == MATRICULES["Weber"]
    assert "answers" not in waiting
    async for document in service.database["direct_submissions"].find({}):
        assert b"Weber" not in bytes(document["sealed"])
    insured = InsuredId(uuid4())
    await wire_.tell(recorded("Weber", insured))
    async with asyncio.timeout(30):
        while not await swept(service):
            await asyncio.sleep(0.05)
    [told] = await forwarded(wire_, insured)
    assert not told["with_login"]
    assert await unmatched(service, answer.json()["receipt"]) == []
    answers = [document async for document in service.database["answers"].find({"answer": {"$exists": True}})]
    assert not any(b"Weber" in bytes(document["answer"]["body"]) for document in answers), "nothing personal is remembered"


async def test_errors_come_all_at_once_in_the_language_and_the_challenge_stays_good(service):
    typed = await form(service, "Hoffmann", locale="de", answers={}, accepts_terms=False)
    answer = await sends(service, typed)
    assert answer.status_code == 422
    errors = {error["field"]: error["detail"] for error in answer.json()["errors"]}
    assert set(errors) == {"accepts_terms", "answers.iban", "answers.holder"}
    assert errors["answers.holder"].startswith("„Kontoinhaber“ fehlt noch.")
    assert (await sends(service, typed | {"answers": ANSWERS, "accepts_terms": True})).status_code == 201


async def test_with_one_challenge_sent_many_times_at_once_one_procedure_is_taken(service):
    typed = await form(service, "Schmit")
    answers = await asyncio.gather(*(sends(service, typed) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7


async def test_what_is_no_form_is_refused_in_a_sentence(service):
    key = {"idempotency-key": str(uuid4())}
    for how in ({"files": [("request", (None, "{"))]}, {"files": [("other", (None, "x"))]}, {"json": {}}, {"content": b""}):
        answer = await service.http.post(DIRECT, headers=key, **how)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request"), how
    assert (await service.http.post(DIRECT, files=[("request", (None, "{}"))])).status_code == 400
    assert (await sends(service, {}, path="/api/v1/direct-procedures/nothing")).status_code == 422
    assert (await sends(service, {"locale": "xx", "applicant": {}, "answers": {}})).status_code == 422


async def test_operators_alone_see_who_was_not_found(service):
    assert (await service.http.get("/internal/unmatched-submissions")).status_code == 401
    assert (await service.person().ask("GET", root="/internal/unmatched-submissions")).status_code == 403


async def test_operators_find_a_receipt_and_leaf_through_all_that_wait(service):
    receipts = [(await sends(service, await form(service, "Schmit"))).json()["receipt"] for _ in range(3)]
    for receipt in receipts:
        assert [found["receipt"] for found in await unmatched(service, receipt)] == [receipt]
    assert await unmatched(service, receipts[0].replace("BDC", "COI")) == [], "the number alone is no receipt"
    listed: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await ask_for_unmatched(service, limit=2, **cursor)).json()
        listed += [found["receipt"] for found in page["submissions"]]
        if page["next_cursor"] is None:
            break
        assert len(page["submissions"]) == 2
        cursor = {"cursor": page["next_cursor"]}
    assert [receipt for receipt in listed if receipt in receipts] == receipts, "the oldest first"
    assert len(set(listed)) == len(listed) == await service.database["direct_submissions"].count_documents({})


@pytest.mark.parametrize(
    ("name", "value"),
    [("receipt", "BDC-7K3F-9Q2"), ("receipt", "BDC-7K3F-9Q2O"), ("receipt", ""), ("cursor", "1"), ("limit", "0"), ("limit", "101")],
    ids=["short", "letter O", "empty", "cursor", "none", "too many"],
)
async def test_what_cannot_be_a_receipt_or_a_page_is_said_instead_of_found_missing(service, name, value):
    answer = await ask_for_unmatched(service, **{name: value})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [error["field"] for error in answer.json()["errors"]] == [name]


async def test_those_that_came_in_the_same_moment_are_each_on_one_page(service):
    submissions = StoredDirectSubmissions(service.database["of_one_moment"], Seal([bytes(32)]))
    moment = datetime(2026, 3, 2, 11, 0, 0, 5_000, tzinfo=UTC)
    for number in range(5):
        await submissions.add(submission_at(moment + timedelta(microseconds=100 * number)))
    list_unmatched, found, place = ListUnmatched(submissions), [], None
    while True:
        page = await list_unmatched(None, place, 2)
        found += [submission.id for submission in page.submissions]
        if page.last is None:
            break
        place = place_at(cursor_of(page.last))
    assert found == sorted(found)
    assert len(found) == 5


async def test_the_description_names_no_login_for_them_and_the_body_as_it_is(service):
    described = (await service.http.get("/internal/openapi.json")).json()
    for path in ("/api/v1/challenges", "/api/v1/direct-procedures/{kind}"):
        operation = described["paths"][path]["post"]
        assert "security" not in operation
        assert "401" not in operation["responses"]
        assert [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "header"] == ["Idempotency-Key"]
    content = described["paths"]["/api/v1/direct-procedures/{kind}"]["post"]["requestBody"]["content"]
    assert set(content["multipart/form-data"]["schema"]["properties"]["request"]["properties"]) >= {"locale", "applicant", "answers"}
    assert "$ref" not in json.dumps(content), "a reference of the model's own would point nowhere"
