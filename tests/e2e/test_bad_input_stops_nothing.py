"""What is wrong is told in a sentence or becomes a dead letter; the same person's next procedure comes to its end all the same."""

from __future__ import annotations

import json

import pytest
from harness.procedure import change_of_bank_details, ehic_certificate

CLOSED = "lu.cns.espace.procedure.closed.v1"
DECIDED = "lu.cns.decisions.procedure.decided.v1"


async def the_rest_flows_on(espace, person) -> None:
    """Her next procedure leads to its one document."""
    procedure = await person.submits(ehic_certificate())
    await person.receives(exactly=1, about=procedure)
    await espace.topics.are_quiet()
    assert len(await person.documents(procedure)) == 1


async def test_an_event_that_is_no_json_becomes_a_dead_letter_of_its_readers(espace):
    person = await espace.insured_person(edelivery=True)
    await espace.topics.say("espace.procedures.v1", person.file.insured, CLOSED, b"{this is no json")

    letter = await espace.topics.dead_letter("documents", person.file.insured)

    assert letter.value == b"{this is no json"
    assert letter.headers["espace-reason"] == "never_works"
    assert letter.headers["espace-attempts"] == "1"
    assert letter.headers["espace-origin"].startswith("espace.procedures.v1:")
    assert letter.headers["espace-error"].endswith("Have the producer mend it and send a new event.")
    await the_rest_flows_on(espace, person)
    assert espace.topics.dead_letters(person.file.insured) == ["documents"]


async def test_an_event_whose_fields_are_wrong_becomes_a_dead_letter_that_quotes_no_value(espace):
    person = await espace.insured_person(edelivery=True)
    wrong = {"insured": person.file.insured, "procedure": person.file.family_name, "outcome": "perhaps"}
    await espace.topics.say("cns.decisions.v1", person.file.insured, DECIDED, json.dumps(wrong).encode())

    letter = await espace.topics.dead_letter("procedures", person.file.insured)

    assert "procedure: uuid_parsing" in letter.headers["espace-error"]
    assert person.file.family_name not in str(letter.headers)
    await the_rest_flows_on(espace, person)


async def test_an_event_of_an_unknown_version_waits_as_a_dead_letter_for_a_service_that_knows_it(espace):
    person = await espace.insured_person(edelivery=True)
    await espace.topics.say("cns.decisions.v1", person.file.insured, DECIDED.replace(".v1", ".v9"), b"{}")

    letter = await espace.topics.dead_letter("procedures", person.file.insured)

    assert letter.headers["espace-error"].endswith("Deploy a version of this service that knows it, then replay.")
    await the_rest_flows_on(espace, person)


async def test_a_document_that_cannot_be_typeset_becomes_a_dead_letter_and_no_document(espace):
    person = await espace.insured_person(edelivery=True)
    content = {
        "type": "closing_letter", "procedure_reference": "BDC-0000", "procedure_kind": "bank_details_change",
        "decided_on": "2026-03-04", "reason": "\N{CJK UNIFIED IDEOGRAPH-4E2D}",
    }  # fmt: skip
    closed = {
        "insured": person.file.insured, "procedure": person.file.insured, "kind": "bank_details_change", "outcome": "refused",
        "documents": [{"recipient": person.file.insured, "content": content}], "locale": "fr",
    }  # fmt: skip
    await espace.topics.say("espace.procedures.v1", person.file.insured, CLOSED, json.dumps(closed).encode())

    letter = await espace.topics.dead_letter("documents", person.file.insured)

    assert letter.headers["espace-reason"] == "never_works"
    assert await person.documents() == []
    await the_rest_flows_on(espace, person)
    assert len(await person.documents()) == 1


async def test_a_file_that_is_too_large_is_refused_with_a_sentence(espace):
    person = await espace.insured_person(edelivery=True)
    draft = await person.starts(change_of_bank_details(statement=False))
    for megabytes in (11, 13):
        body = {"data": {"role": "bank_statement"}, "files": {"file": ("a.pdf", b"%PDF-1.4" + bytes(megabytes * 1024 * 1024))}}
        answer = await person.asks("POST", f"/api/v1/procedures/{draft.id}/attachments", **body)
        assert_helps(answer, 413)
    assert (await person.sees(draft))["attachments"] == []
    await the_rest_flows_on(espace, person)


@pytest.mark.parametrize(("content", "status"), [(b"MZ\x90 a program", 415), (b"", 422)])
async def test_a_file_that_is_no_document_is_refused_with_a_sentence(espace, content, status):
    person = await espace.insured_person(edelivery=True)
    draft = await person.starts(change_of_bank_details(statement=False))
    body = {"data": {"role": "bank_statement"}, "files": {"file": ("statement.pdf", content)}}
    assert_helps(await person.asks("POST", f"/api/v1/procedures/{draft.id}/attachments", **body), status)
    assert (await person.sees(draft))["attachments"] == []


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"iban": "LU28001940064475000", "holder": "A"}, "iban"),
        ({"iban": "LU290019400644750000", "holder": "A"}, "iban"),
        ({"holder": "A"}, "iban"),
    ],
    ids=["too short", "wrong check digits", "missing"],
)
async def test_an_account_number_that_is_wrong_cannot_be_forwarded_and_the_person_reads_why(espace, answers, field):
    person = await espace.insured_person(edelivery=True)
    draft = await person.starts(change_of_bank_details())
    at, shown = f"/api/v1/procedures/{draft.id}", await person.sees(draft)
    saved = await person.asks("PUT", f"{at}/answers", json={"answers": answers}, headers={"If-Match": f'"{shown["version"]}"'})
    assert saved.status_code == 200
    answer = await person.asks("POST", f"{at}/submissions", headers={"If-Match": f'"{saved.json()["version"]}"'})
    assert_helps(answer, 422)
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["detail"].endswith(".")
    assert (await person.sees(draft))["status"] == "in_preparation"


@pytest.mark.parametrize(
    "answers",
    [{"iban": 7, "holder": "A"}, {"iban": ["LU280019400644750000"]}, {"no_such_question": "A"}],
    ids=["number", "list", "unknown"],
)
async def test_an_answer_of_a_wrong_type_is_not_kept(espace, answers):
    person = await espace.insured_person(edelivery=True)
    draft = await person.starts(change_of_bank_details(statement=False))
    shown = await person.sees(draft)
    answer = await person.asks(
        "PUT", f"/api/v1/procedures/{draft.id}/answers", json={"answers": answers}, headers={"If-Match": f'"{shown["version"]}"'}
    )
    assert_helps(answer, 422)
    assert (await person.sees(draft))["answers"] == shown["answers"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/api/v1/procedures", {"content": b"{no json", "headers": {"Content-Type": "application/json"}}, 422),
        ("POST", "/api/v1/procedures", {"json": {"kind": "no_such_procedure", "locale": "fr"}}, 422),
        ("GET", "/api/v1/procedures/not-an-id", {}, 422),
        ("PUT", "/api/v1/edelivery", {"json": {"active": "perhaps"}}, 422),
        ("PUT", "/api/v1/account/contact", {"json": {"email": "nobody"}}, 422),
        ("PATCH", "/api/v1/documents", {}, 405),
        ("GET", "/api/v1/no-such-address", {}, 404),
    ],
)
async def test_a_request_that_is_wrong_is_answered_with_a_sentence_that_helps(espace, method, path, content, status):
    person = await espace.insured_person(edelivery=False)
    assert_helps(await person.asks(method, path, **content), status)


async def test_a_change_of_an_outdated_version_is_refused_and_one_without_a_version_too(espace):
    person = await espace.insured_person(edelivery=False)
    draft = await person.starts(change_of_bank_details())
    at = f"/api/v1/procedures/{draft.id}"
    assert_helps(await person.asks("PUT", f"{at}/answers", json={"answers": {}}, headers={"If-Match": '"1"'}), 412)
    assert_helps(await person.asks("PUT", f"{at}/answers", json={"answers": {}}), 428)


def assert_helps(answer, status: int) -> None:
    """A problem whose detail is a sentence."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].startswith("/problems/")
    assert len(problem["detail"].split()) > 5
    assert problem["detail"].endswith(".")
