from __future__ import annotations

from uuid import uuid4

from harness.mailbox import BOUNCE_NOW
from harness.print_run import sha256_of
from harness.procedure import change_of_bank_details, ehic_certificate
from harness.waiting import until

from espace_contracts.events.letter_returned_v1 import ReturnReason

LETTER_REQUESTED = "lu.cns.espace.letter.requested.v1"
LETTER_POSTED = "lu.cns.espace.letter.posted.v1"
LETTER_RETURNED = "lu.cns.espace.letter.returned.v1"
DOCUMENT_AVAILABLE = "lu.cns.espace.document.available.v1"
DOCUMENT_UNREAD = "lu.cns.espace.document.unread.v1"


async def steps_of(person, document):
    """What the person reads of a document: each step with the delivery it belongs to."""
    told = await person.looks_at(f"documents/{document}/evidence")
    return [(step["step"], step["delivery"]) for step in told["steps"]]


async def notices_are(person, state):
    async def so():
        return (await person.looks_at("edelivery"))["notices"]["state"] == state

    await until(so, f"the eSpace to show that notices are {state}")


async def test_who_is_not_reached_by_notices_gets_the_next_documents_by_post_until_another_address_is_confirmed(espace):
    person = await espace.insured_person(edelivery=True)
    first = await person.submits(ehic_certificate())
    await person.receives(exactly=1, about=first)
    person.email = f"{BOUNCE_NOW}{uuid4().hex}@example.lu"
    await person.sets_contact()
    second = await person.submits(ehic_certificate())
    document = await person.receives(exactly=1, about=second)

    async def its_notice_came_back():
        return ("notice_bounced", 1) in await steps_of(person, document.id)

    await until(its_notice_came_back, "the evidence to say that the notice came back")
    await notices_are(person, "bounced")

    by_post = await person.submits(change_of_bank_details())
    await espace.print_run.receives(exactly=1, about=by_post)
    assert await person.documents(by_post) == []
    assert len(await person.documents(first)) == 1, "what lies in the eSpace is not taken back"

    person.email = f"{uuid4().hex}@example.lu"
    await person.sets_contact()
    await notices_are(person, "reachable")
    in_the_espace = await person.submits(ehic_certificate())
    await person.receives(exactly=1, about=in_the_espace)
    assert espace.print_run.letters(in_the_espace) == []


async def test_a_letter_that_came_back_becomes_a_document_in_the_espace_once_edelivery_is_on(espace):
    person = await espace.insured_person(edelivery=False)
    procedure = await person.submits(ehic_certificate())
    letter = await espace.print_run.receives(exactly=1, about=procedure)
    await espace.topics.hears(person.file.insured, LETTER_POSTED)
    espace.print_run.returns(letter, ReturnReason.MOVED)
    await espace.topics.hears(person.file.insured, LETTER_RETURNED)
    await espace.topics.are_heard()
    sent = (await person.looks_at("deliveries"))["deliveries"]
    (delivery,) = [row for row in sent if row["channel"] == "post"]
    assert (delivery["state"], delivery["stuck"]) == ("returned", True)

    await person.switches_edelivery(on=True)
    document = await person.receives(exactly=1, about=procedure)
    await espace.topics.are_quiet()
    assert document.id == delivery["document"]
    assert len(espace.topics.about(person.file.insured, DOCUMENT_AVAILABLE)) == 1
    assert len(espace.print_run.letters(procedure)) == 1
    steps = await steps_of(person, document.id)
    assert [step for step in steps if step[0] != "noticed"] == [
        ("ordered", None), ("rendered", None), ("channel_decided", 1), ("letter_requested", 1), ("handed_to_printer", 1),
        ("returned", 1), ("channel_decided", 2), ("available", 2), ("first_opened", None), ("downloaded", None),
    ]  # fmt: skip


async def test_what_runs_against_a_deadline_and_is_not_opened_is_reminded_of_and_printed_once(espace):
    person = await espace.insured_person(edelivery=True)
    insured = person.file.insured
    async with espace.impatient():
        await espace.fund.records("benefits", insured, kind="joint_committee_notification")
        requested = await espace.topics.hears(insured, LETTER_REQUESTED)
        await espace.topics.hears(insured, LETTER_POSTED)
    await espace.topics.are_quiet()

    assert [said.data["reminder"] for said in espace.topics.about(insured, DOCUMENT_UNREAD)] == [1]
    assert len(espace.topics.about(insured, LETTER_REQUESTED)) == 1
    printed = [letter for letter in espace.print_run.all() if sha256_of(letter.pdf) == requested.data["pdf"]["sha256"]]
    assert [letter.id for letter in printed] == [requested.data["letter"]]
    steps = await steps_of(person, requested.data["document"])
    assert ("letter_requested", 2) in steps
    (document,) = await person.documents()
    assert document.id == requested.data["document"], "it stays in the eSpace"
