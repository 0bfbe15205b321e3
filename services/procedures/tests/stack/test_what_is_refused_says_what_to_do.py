from __future__ import annotations

from uuid import uuid4

import pytest

from espace_contracts.vocabulary import InsuredId

from .conftest import ANSWERS, IBAN, PDF, bank_statement


def problem(answer) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    return answer.status_code, body["type"].removeprefix("/problems/"), body["detail"]


async def test_wrong_answers_are_named_in_the_persons_language(service):
    person = service.person()
    draft = await person.saves(await person.starts(locale="lb"), {"iban": IBAN[:-1], "holder": "Sophie Hoffmann"})
    answer = await person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"])
    assert problem(answer)[:2] == (422, "answers-to-correct")
    [error] = answer.json()["errors"]
    assert error["field"] == "iban"
    assert error["detail"].startswith("Dësen IBAN huet 19 Zeechen; et mussen der 20 sinn (Land: Lëtzebuerg).")
    assert draft["errors"] == [error]


async def test_a_person_who_changed_the_language_is_answered_in_it(service):
    person = service.person()
    draft = await person.saves(await person.starts(), ANSWERS)
    in_french = await person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"], json={"locale": "fr"})
    assert (in_french.status_code, in_french.json()["locale"], in_french.json()["status_label"]) == (201, "fr", "Transmise")
    changed = await person.ask("PUT", f"/{draft['id']}/answers", version=in_french.json()["version"], json={"answers": {}})
    assert problem(changed) == (
        409,
        "with-the-fund",
        "La CNS traite cette démarche. Vous pourrez de nouveau la modifier si la CNS vous demande une correction.",
    )


@pytest.mark.parametrize(
    ("content", "status", "name"),
    [
        (b"", 422, "attachment-empty"),
        (b"MZ a program", 415, "attachment-type-not-taken"),
        (PDF + bytes(10 * 1024 * 1024), 413, "attachment-too-large"),
        (PDF + bytes(13 * 1024 * 1024), 413, "too-large"),
    ],
)
async def test_a_file_that_is_not_taken_is_told_why(service, content, status, name):
    person = service.person()
    draft = await person.starts(locale="en")
    answer = await person.ask("POST", f"/{draft['id']}/attachments", **bank_statement(content))
    assert problem(answer)[:2] == (status, name)
    assert problem(answer)[2].count(".") >= 2, "what happened, and what to do"
    assert (await person.reads(draft))["attachments"] == []


async def test_the_name_of_a_file_is_kept_nowhere(service):
    person = service.person()
    draft = await person.attaches(await person.starts())
    [attachment] = draft["attachments"]
    assert set(attachment) == {"id", "role", "media_type", "size", "sha256"}
    for collection in await service.database.list_collection_names():
        async for document in service.database[collection].find({}):
            assert "Kontoauszug von Sophie" not in str(document)


async def test_an_attachment_that_is_not_there_cannot_be_removed(service):
    person = service.person()
    draft = await person.attaches(await person.starts())
    assert problem(await person.ask("DELETE", f"/{draft['id']}/attachments/{uuid4()}"))[:2] == (404, "not-found")
    removed = await person.ask("DELETE", f"/{draft['id']}/attachments/{draft['attachments'][0]['id']}", version=draft["version"])
    assert (removed.status_code, removed.json()["attachments"]) == (200, [])


async def test_bank_details_want_a_fresh_login_and_a_certificate_does_not(service):
    person = service.person(logged_in_before=600)
    draft = await person.saves(await person.starts(locale="en"), ANSWERS)
    refused = await person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"])
    assert problem(refused)[:2] == (403, "fresh-login-needed")
    person.logged_in_before = 0
    await person.submits(draft)
    person.logged_in_before = 600
    certificate = await person.starts("ehic_replacement_certificate")
    assert (await person.submits(certificate))["status"] == "forwarded"


async def test_the_holder_of_a_mandate_acts_by_name_within_its_scope_and_never_changes_bank_details(service):
    person = service.person()
    draft = await person.saves(await person.starts(locale="en"), ANSWERS)
    person.represented_by = InsuredId(uuid4())
    refused = await person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"])
    assert problem(refused)[:2] == (403, "not-by-mandate")
    certificate = await person.submits(await person.starts("ehic_replacement_certificate"))
    assert [move["actor"] for move in certificate["history"]] == ["representative", "representative"]
    person.scope = "documents records"
    assert problem(await person.ask("GET"))[:2] == (403, "no-mandate")


@pytest.mark.parametrize(
    ("level", "headers", "expected"),
    [("low", {}, (403, "level-of-assurance")), ("high", {"authorization": "Bearer x"}, (401, "not-logged-in"))],
)
async def test_nobody_enters_without_a_strong_login(service, level, headers, expected):
    person = service.person(level=level)
    assert problem(await person.ask("GET", headers=headers))[:2] == expected


@pytest.mark.parametrize(
    "body", [{"kind": "tax_declaration", "locale": "de"}, {"kind": "bank_details_change", "locale": "pt"}, {"kind": "bank_details_change"}]
)
async def test_a_start_of_something_unknown_names_the_field(service, body):
    answer = await service.person().ask("POST", json=body)
    assert problem(answer)[:2] == (422, "invalid-request")
    assert answer.json()["errors"][0]["field"] in ("kind", "locale")


async def test_the_catalogue_is_open_to_everybody_in_four_languages(service):
    titles = []
    for locale in ("fr", "de", "en", "lb"):
        answer = await service.http.get("/api/v1/procedures/catalogue", params={"locale": locale})
        assert answer.status_code == 200
        titles += [entry["title"] for entry in answer.json()["procedures"]]
    assert len(set(titles)) == 20


async def test_the_description_of_the_api_is_complete(service):
    description = (await service.http.get("/internal/openapi.json")).json()
    operations = [operation for path, item in description["paths"].items() if path.startswith("/api/") for operation in item.values()]
    assert {operation["operationId"] for operation in operations} == {
        "getCatalogue", "listProcedures", "startProcedure", "getProcedure", "deleteDraft", "saveAnswers", "attachFile", "removeAttachment",
        "submitProcedure", "withdrawProcedure", "listMessages", "writeMessage", "markMessageRead", "downloadAttachment", "listAgencies",
        "listSlots", "listAppointments", "getAppointment", "moveAppointment", "cancelAppointment", "makeChallenge", "submitDirectly",
    }  # fmt: skip
    assert all(operation["summary"] and "422" in operation["responses"] for operation in operations)
