from __future__ import annotations

import hashlib

import pytest
from harness.procedure import NEW_IBAN, change_of_bank_details, ehic_certificate

DOCUMENT_AVAILABLE = "lu.cns.espace.document.available.v1"
LETTER_REQUESTED = "lu.cns.espace.letter.requested.v1"
LETTER_POSTED = "lu.cns.espace.letter.posted.v1"
PROCEDURE_CLOSED = "lu.cns.espace.procedure.closed.v1"

each_wish = pytest.mark.parametrize(
    ("wish", "document_type"),
    [(change_of_bank_details(), "bank_account_change"), (ehic_certificate(), "ehic_replacement_certificate")],
    ids=["bank details", "certificate"],
)


@each_wish
async def test_a_document_appears_once_and_unaltered_when_edelivery_is_on(espace, wish, document_type):
    person = await espace.insured_person(edelivery=True)
    procedure = await person.submits(wish)
    await person.sees_status(procedure, "closed")

    document = await person.receives(exactly=1, about=procedure)
    available = await espace.topics.hears(person.file.insured, DOCUMENT_AVAILABLE)

    assert document.type == document_type
    assert hashlib.sha256(document.pdf).hexdigest() == document.sha256 == available.data["pdf"]["sha256"]
    await espace.topics.are_quiet()
    assert [found.id for found in await person.documents()] == [document.id]
    assert len(espace.topics.about(person.file.insured, PROCEDURE_CLOSED)) == 1
    assert len(espace.topics.about(person.file.insured, DOCUMENT_AVAILABLE)) == 1
    assert espace.topics.about(person.file.insured, LETTER_REQUESTED) == []
    assert espace.print_run.letters(procedure) == []


@each_wish
async def test_a_letter_goes_to_the_printer_once_when_edelivery_is_off(espace, wish, document_type):
    person = await espace.insured_person(edelivery=False)
    procedure = await person.submits(wish)
    await person.sees_status(procedure, "closed")

    letter = await espace.print_run.receives(exactly=1, about=procedure)
    requested = await espace.topics.hears(person.file.insured, LETTER_REQUESTED)
    posted = await espace.topics.hears(person.file.insured, LETTER_POSTED)

    assert f"{person.file.given_name} {person.file.family_name}" in letter.address
    for line in person.file.address:
        assert line in letter.address
    assert requested.data["document_type"] == document_type
    assert requested.data["pdf"]["sha256"] == hashlib.sha256(letter.pdf.read_bytes()).hexdigest()
    assert (posted.data["letter"], posted.data["print_run"]) == (requested.data["letter"], letter.run)
    await espace.topics.are_quiet()
    assert len(espace.print_run.letters(procedure)) == 1
    assert len(espace.topics.about(person.file.insured, LETTER_REQUESTED)) == 1
    assert len(espace.topics.about(person.file.insured, LETTER_POSTED)) == 1
    assert espace.topics.about(person.file.insured, DOCUMENT_AVAILABLE) == []
    assert await person.documents() == []


async def test_the_new_account_is_on_file_after_the_change(espace):
    person = await espace.insured_person(edelivery=True)
    assert (await person.bank_account())[-4:] == person.file.iban[-4:]
    procedure = await person.submits(change_of_bank_details(NEW_IBAN))
    await person.sees_status(procedure, "closed")
    await espace.topics.are_quiet()
    shown = await person.bank_account()
    assert (shown[:4], shown[-4:]) == (NEW_IBAN[:4], NEW_IBAN[-4:])
    assert NEW_IBAN not in shown.replace(" ", "")


async def test_a_refusal_gives_a_closing_letter_with_the_reason(espace):
    reason = "Le compte indiqué n'est pas ouvert à votre nom."
    async with espace.fund.by_hand():
        person = await espace.insured_person(edelivery=False)
        procedure = await person.submits(change_of_bank_details())
        await espace.fund.refuses(procedure, because=reason)

        shown = await person.sees_status(procedure, "closed")
        letter = await espace.print_run.receives(exactly=1, about=procedure)
        await espace.topics.are_quiet()

    assert shown["outcome"] == "refused"
    assert reason in " ".join(letter.text.split())
    assert (await espace.topics.hears(person.file.insured, LETTER_REQUESTED)).data["document_type"] == "closing_letter"
    assert (await person.bank_account())[-4:] == person.file.iban[-4:]
    assert await person.documents() == []


async def test_a_procedure_decided_by_hand_stays_forwarded_until_the_fund_decides(espace):
    async with espace.fund.by_hand():
        person = await espace.insured_person(edelivery=True)
        procedure = await person.submits(ehic_certificate())
        await espace.topics.are_quiet()
        assert (await person.sees(procedure))["status"] == "forwarded"
        assert await person.documents() == []
        await espace.fund.approves(procedure)
        await person.receives(exactly=1, about=procedure)
