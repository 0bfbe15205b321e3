from __future__ import annotations

import asyncio
import hashlib
from datetime import date

import pytest

from espace_contracts.events import BankDetailsRecorded, PersonRecorded, ProcedureForwarded, ProcedureToBeCorrected
from espace_contracts.vocabulary import Locale
from espace_kernel.envelope import message_for

from .conftest import ANSWERS, CLOSED, IBAN, PDF

FORWARDED = ProcedureForwarded.type


async def test_a_draft_is_forwarded_to_the_fund_with_its_file(service, wire_):
    person = service.person()
    draft = await person.starts(locale="lb")
    assert (draft["status"], draft["status_label"], draft["title"]) == ("in_preparation", "A Virbereedung", "Meng Bankverbindung änneren")
    assert [error["field"] for error in draft["errors"]] == ["iban", "holder"]
    saved = await person.saves(draft, {"iban": "lu28 0019 4006 4475 0000", "holder": "Sophie Hoffmann"})
    assert (saved["answers"], saved["errors"]) == (ANSWERS, [])
    assert [role["role"] for role in saved["missing_attachments"]] == ["bank_statement"]
    with_file = await person.attaches(saved)
    forwarded = await person.submits(with_file)
    assert (forwarded["status"], forwarded["actions"], forwarded["missing_attachments"]) == ("forwarded", ["withdraw", "write"], [])

    told = await wire_.until(draft["id"], FORWARDED)
    [attachment] = forwarded["attachments"]
    assert told == {
        "insured": str(person.insured),
        "procedure": draft["id"],
        "kind": "bank_details_change",
        "submission": 1,
        "locale": "lb",
        "answers": ANSWERS,
        "attachments": [
            {
                "id": attachment["id"],
                "role": "bank_statement",
                "file": {"sha256": hashlib.sha256(PDF).hexdigest(), "size": len(PDF), "media_type": "application/pdf"},
            }
        ],
        "with_login": True,
    }


async def test_a_decision_delivered_twice_closes_once(service, wire_):
    person = service.person()
    forwarded = await person.has_forwarded()
    decision = message_for(person.approval(forwarded))
    await wire_.send(decision, decision)
    closed = await person.sees(forwarded, "closed")
    marker = await person.starts()  # its events follow all that came of the decision
    await person.submits(await person.saves(marker, ANSWERS))
    await wire_.send(decision)
    await wire_.until(marker["id"], FORWARDED)

    told = await wire_.until(forwarded["id"], CLOSED)
    assert (closed["outcome"], closed["reference"][:4]) == ("approved", "BDC-")
    [order] = told["documents"]
    assert order["recipient"] == str(person.insured)
    assert order["content"] == {
        "type": "bank_account_change",
        "procedure_reference": closed["reference"],
        "old_iban_masked": "LU12 **** **** **** 7891",
        "new_iban_masked": "LU28 **** **** **** 0000",
        "holder": "Sophie Hoffmann",
        "bic": None,
        "effective_on": "2026-03-03",
    }


async def test_a_correction_goes_back_to_the_person_and_comes_again(service, wire_):
    person = service.person()
    first = await person.has_forwarded()
    await wire_.tell(person.correction(first))
    to_correct = await person.sees(first, "to_be_corrected")
    assert [(asked["submission"], asked["reason"]) for asked in to_correct["corrections"]] == [(1, "Der Kontonachweis fehlt.")]
    assert to_correct["actions"] == ["save_answers", "attach", "submit", "withdraw", "write"]
    assert (await wire_.until(first["id"], ProcedureToBeCorrected.type))["submission"] == 1

    again = await person.submits(await person.attaches(to_correct))
    assert [move["status"] for move in again["history"]] == ["in_preparation", "forwarded", "to_be_corrected", "forwarded"]
    told = await wire_.until(first["id"], FORWARDED, times=2)
    assert (told["submission"], len(told["attachments"])) == (2, 1)

    await wire_.tell(person.correction(first), person.approval(first, submission=2))
    closed = await person.sees(first, "closed")
    assert (closed["submissions"], len(closed["corrections"])) == (2, 1)


async def test_after_the_closing_another_can_be_started(service, wire_):
    person = service.person()
    first = await person.has_forwarded()
    await wire_.tell(person.approval(first))
    await person.sees(first, "closed")
    second = await person.starts()
    assert second["id"] != first["id"]
    listed = (await person.ask("GET")).json()["procedures"]
    assert [(procedure["id"], procedure["status"]) for procedure in listed] == [(second["id"], "in_preparation"), (first["id"], "closed")]
    only_closed = (await person.ask("GET", params={"status": "closed", "locale": "fr"})).json()["procedures"]
    assert [(procedure["id"], procedure["status_label"]) for procedure in only_closed] == [(first["id"], "Clôturée")]


async def test_a_draft_begins_with_the_newest_the_fund_has_told(service, wire_):
    person = service.person()

    def recorded(revision: int, family_name: str) -> PersonRecorded:
        return PersonRecorded(
            insured=person.insured, revision=revision, matricule="1983081246785", given_name="Sophie", family_name=family_name,
            date_of_birth=date(1983, 8, 12), address=None, locale=Locale.FRENCH,
        )  # fmt: skip

    account = BankDetailsRecorded(insured=person.insured, revision=2, iban=IBAN, bic=None, holder="Sophie Hoffmann", since=date(2026, 1, 1))
    older = account.model_copy(update={"revision": 1, "iban": "LU120010001234567891"})
    await wire_.tell(recorded(1, "Weber"), recorded(3, "Hoffmann"), recorded(2, "Schmit"), account, older)
    async with asyncio.timeout(30):  # the last of them told what a procedure of the same person then shows
        while not await service.database.accounts.find_one({"_id": person.insured}):
            await asyncio.sleep(0.02)
    draft = await person.starts()
    assert draft["answers"] == {"holder": "Sophie Hoffmann"}
    assert draft["on_file"] == {"iban": "LU28 **** **** **** 0000"}
    assert await service.database.accounts.count_documents({"iban_masked": {"$regex": "0019"}}) == 0


@pytest.mark.parametrize(("submission", "sentence"), [(2, "and the current one is 1"), (1, "its status is to_be_corrected")])
async def test_a_decision_that_does_not_fit_becomes_a_dead_letter_without_personal_data(service, wire_, submission, sentence):
    person = service.person()
    forwarded = await person.has_forwarded()
    await wire_.tell(person.correction(forwarded))
    await person.sees(forwarded, "to_be_corrected")
    decision = message_for(person.approval(forwarded, submission))
    await wire_.send(decision)
    headers = await wire_.dead_letter(decision)
    assert any(sentence in value for value in headers.values())
    assert not any(IBAN in value or "Hoffmann" in value for value in headers.values())
    assert (await person.reads(forwarded))["status"] == "to_be_corrected"


async def test_a_decision_on_a_procedure_nobody_knows_is_tried_again_and_then_kept(service, wire_):
    person, stranger = service.person(), service.person()
    forwarded = await person.has_forwarded()
    decision = message_for(stranger.approval(forwarded))
    await wire_.send(decision)
    assert any("The person has no such procedure" in value for value in (await wire_.dead_letter(decision)).values())
    assert (await person.reads(forwarded))["status"] == "forwarded"
