from __future__ import annotations

import contextlib
import dataclasses
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace_contracts.vocabulary import Locale, NoticeMeans
from espace_documents.api.evidence import DeliveryView, EvidenceView
from espace_documents.app.get_letter import NotToBePosted
from espace_documents.app.list_documents import UnknownPlace
from espace_documents.domain.delivery import Bounce, Notice
from espace_documents.domain.document import OpenedBy
from espace_documents.domain.evidence import StepKind, evidence_of

from .conftest import A_REFUSAL, NOON, Service


def goes_out(service, reminder=0, notice=None):
    """What a notice that left makes of a document."""
    sent = Notice(id=notice or uuid4(), means=NoticeMeans.EMAIL, reminder=reminder, sent_at=service.now())
    return lambda document: document.note_notice(sent)


def comes_back(service, reminder=0, notice=None):
    """What a notice that came back makes of one."""
    bounce = Bounce(notice=notice or uuid4(), means=NoticeMeans.EMAIL, reminder=reminder, bounced_at=service.now())
    return lambda document: document.note_bounce(bounce)


async def test_every_step_of_a_document_is_told_in_the_order_in_which_it_happened(service):
    person = service.knows()
    document = await service.delivered(person, A_REFUSAL)
    await service.note_letter_failure(document.letter, "no_usable_address", service.now())
    await service.note_posting(document.letter, service.now())
    await service.note_dispatch(document.letter, service.now())
    await service.switch(person, active=True)
    await service.note_return(document.letter, "moved", service.now())
    await service.note_notice(document.id, goes_out(service))
    service.clock += timedelta(days=3)
    await service.watch_unread()
    reminder = uuid4()
    await service.note_notice(document.id, goes_out(service, reminder=1, notice=reminder))
    await service.note_notice(document.id, comes_back(service, reminder=1, notice=reminder))
    opened = await service.open(document.id, person, OpenedBy.MANDATE)
    assert [piece async for piece in opened.pieces]
    await service.withdraw(document.id, None)

    traced = await service.tell_evidence(document.id, person)
    shown = EvidenceView.of(traced.documents[0], traced.locale)
    assert [(step.step, step.delivery) for step in shown.steps] == [
        ("ordered", None), ("rendered", None), ("channel_decided", 1), ("letter_requested", 1), ("letter_failed", 1),
        ("handed_to_printer", 1), ("dispatched", 1), ("returned", 1), ("channel_decided", 2), ("available", 2), ("noticed", 2),
        ("noticed", 2), ("notice_bounced", 2), ("first_opened", None), ("downloaded", None), ("withdrawn", None),
    ]  # fmt: skip
    assert all(earlier.at <= later.at for earlier, later in pairwise(shown.steps))
    first, second = [step for step in shown.steps if step.step is StepKind.CHANNEL_DECIDED]
    assert (first.rule.value, first.cause, first.channel) == ("edelivery_off", "ordered", "post")
    assert (second.rule.value, second.cause, second.channel) == ("edelivery_on", "returned", "edelivery")
    assert second.explanation == "Dans l’eSpace : l’eDelivery est activé."  # noqa: RUF001  # the French apostrophe
    assert [(step.step, step.means, step.reminder) for step in shown.steps if step.means] == [
        ("noticed", "email", 0), ("noticed", "email", 1), ("notice_bounced", "email", 1),
    ]  # fmt: skip
    assert [step.reason for step in shown.steps if step.reason] == ["no_usable_address", "moved"]
    assert [step.opened_by for step in shown.steps if step.opened_by] == ["mandate"]
    assert shown.steps[3].letter.startswith("L-")
    assert (shown.document.state, shown.document.deliveries) == (StepKind.WITHDRAWN, 2)


async def test_a_letter_is_where_it_was_last_seen(service):
    document = await service.delivered(service.knows())

    async def state():
        return DeliveryView.of(await service.documents.get(document.id)).state.value

    seen = [await state()]
    await service.note_letter_failure(document.letter, "no_usable_address", service.now())
    seen.append(await state())
    for note in (service.note_posting, service.note_dispatch):
        await note(document.letter, service.now())
        seen.append(await state())
    await service.note_return(document.letter, "moved", service.now())
    seen.append(await state())
    assert seen == ["letter_requested", "letter_failed", "handed_to_printer", "dispatched", "returned"]
    assert DeliveryView.of(await service.documents.get(document.id)).stuck


async def test_a_document_in_the_espace_is_available_until_it_is_opened_or_replaced(service):
    person = service.knows()
    await service.switch(person, active=True)
    document, other = await service.delivered(person), await service.delivered(person)
    for told in (goes_out(service), comes_back(service)):
        await service.note_notice(document.id, told)
        assert DeliveryView.of(await service.documents.get(document.id)).state is StepKind.AVAILABLE
    await service.open(document.id, person, OpenedBy.SELF)
    assert DeliveryView.of(await service.documents.get(document.id)).state is StepKind.FIRST_OPENED
    await service.withdraw(document.id, other.id)
    assert DeliveryView.of(await service.documents.get(document.id)).state is StepKind.REPLACED


async def test_a_notice_that_came_back_is_a_step_of_what_lies_in_the_espace_once_and_in_whatever_order_it_is_told(service):
    person = service.knows()
    posted = await service.delivered(person)
    await service.switch(person, active=True)
    document = await service.delivered(person)
    sent, refused = uuid4(), uuid4()
    for notice in (sent, refused, sent):
        for each in (posted, document):
            await service.note_notice(each.id, comes_back(service, notice=notice))
    await service.note_notice(document.id, goes_out(service, notice=sent))
    steps = evidence_of(await service.documents.get(document.id))
    assert [(step.kind, step.delivery) for step in steps[-3:]] == [
        (StepKind.NOTICE_BOUNCED, 1), (StepKind.NOTICE_BOUNCED, 1), (StepKind.NOTICED, 1),
    ]  # fmt: skip
    assert StepKind.NOTICE_BOUNCED not in {step.kind for step in evidence_of(await service.documents.get(posted.id))}


async def test_a_person_sees_what_went_by_post_too_and_nothing_of_anybody_elses(service):
    person, other = service.knows(), service.knows()
    documents = [await service.delivered(person)]
    await service.switch(person, active=True)
    documents.append(await service.delivered(person))
    documents.append(await service.delivered(person))
    theirs = await service.delivered(other)
    first = await service.tell_evidence.all_of(person, after=None, limit=2)
    rest = await service.tell_evidence.all_of(person, after=first.goes_on_after, limit=2)
    assert [*first.documents, *rest.documents] == sorted(documents, key=lambda document: document.id, reverse=True)
    assert (len(first.documents), rest.goes_on_after, first.locale) == (2, None, Locale.FRENCH)
    assert await service.tell_evidence(theirs.id, person) is None
    assert await service.tell_evidence(uuid4(), person) is None
    with pytest.raises(UnknownPlace):
        await service.tell_evidence.all_of(person, after=theirs.id, limit=2)
    await service.erase(person)
    assert await service.tell_evidence(documents[0].id, person) is None


async def test_who_is_not_on_file_any_more_reads_it_in_the_documents_language(service):
    document = await service.delivered(person := service.knows())
    service.recipients.pop(person)
    assert (await service.tell_evidence(document.id, person)).locale is document.locale
    assert (await service.tell_evidence.all_of(person, after=None, limit=2)).locale is Locale.FRENCH


async def opens(service, document, *, whole):
    opened = await service.open(document.id, document.insured, OpenedBy.SELF)
    assert opened is None or not whole or [piece async for piece in opened.pieces]


async def prints(service, document):
    with contextlib.suppress(NotToBePosted):
        await service.typeset_address_sheet(document.letter)


async def lies_there(service, _document):
    service.clock += timedelta(days=4)
    await service.watch_unread()


OF_A_LETTER = {
    "handed over": lambda service, it: service.note_posting(it.letter, service.now()),
    "dispatched": lambda service, it: service.note_dispatch(it.letter, service.now()),
    "failed": lambda service, it: service.note_letter_failure(it.letter, "no_usable_address", service.now()),
    "called off": lambda service, it: service.note_call_off(it.letter, "document_withdrawn", service.now()),
    "returned": lambda service, it: service.note_return(it.letter, "moved", service.now()),
    "printed": prints,
}
OF_A_PERSON_ON_FILE = {
    "edelivery on": lambda service, it: service.switch(it.insured, active=True),
    "edelivery off": lambda service, it: service.switch(it.insured, active=False),
    "moved": lambda service, it: service.moves(it.insured, to=str(service.now())),
    "nowhere": lambda service, it: service.moves(it.insured, to=None),
    "deceased": lambda service, it: service.records(it.insured, deceased=True),
    "alive after all": lambda service, it: service.records(it.insured, deceased=False),
}
ACTS = {
    **OF_A_LETTER,
    **OF_A_PERSON_ON_FILE,
    "noticed": lambda service, it: service.note_notice(it.id, goes_out(service)),
    "notice back": lambda service, it: service.note_notice(it.id, comes_back(service)),
    "opened": lambda service, it: opens(service, it, whole=False),
    "downloaded": lambda service, it: opens(service, it, whole=True),
    "withdrawn": lambda service, it: service.withdraw(it.id, None),
    "bounced": lambda service, it: service.note_contact(it.insured, lambda contact: contact.bounce(contact.confirmed + 1, service.now())),
    "confirmed": lambda service, it: service.note_contact(it.insured, lambda contact: contact.confirm(contact.bounced + 1, service.now())),
    "unread": lies_there,
    "looked at": lambda service, _: service.deliver_stuck(),
    "erased": lambda service, it: service.erase(it.insured),
}
"""Everything that can happen to a document."""


async def does(service, act, document):
    """One of them, now."""
    if (act in OF_A_LETTER and not document.letters) or (act in OF_A_PERSON_ON_FILE and document.insured not in service.recipients):
        return
    await ACTS[act](service, document)


def facts_of(document):
    """Every time that is kept of a document, by where it stands."""
    plain = dataclasses.asdict(document)
    waiting = {"archived_at", "unread_due_at", "stuck_since"}  # what is still to come, and the person's own sorting
    facts = {name: value for name, value in plain.items() if isinstance(value, datetime) and name not in waiting}
    for delivery in plain["deliveries"]:
        number = delivery["number"]
        facts |= {f"{number}/{name}": value for name, value in delivery.items() if isinstance(value, datetime)}
        facts |= {f"{number}/{sent['id']}": sent["sent_at"] for sent in delivery["notices"]}
        facts |= {f"{number}/{back['notice']}": back["bounced_at"] for back in delivery["bounces"]}
        facts[f"{number}/decided"], facts[f"{number}/rule"] = delivery["decision"]["at"], delivery["decision"]["rule"]
    return facts


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.lists(st.sampled_from(sorted(ACTS)), max_size=14))
async def test_no_time_that_was_kept_ever_changes_and_nothing_is_delivered_beyond_its_bound(edelivery, acts):
    service = Service()
    person = service.knows()
    await service.switch(person, active=edelivery)
    document = await service.delivered(person, A_REFUSAL)
    kept = facts_of(document)
    for act in acts:
        await does(service, act, document)
        document = await service.documents.get(document.id)
        facts = facts_of(document)
        assert facts.items() >= kept.items()
        kept = facts
    assert len(document.letters or ()) <= 3
    assert [delivery.letter is None for delivery in document.deliveries].count(True) <= 1, "it comes to the eSpace once"
    assert [delivery.number for delivery in document.deliveries] == list(range(1, len(document.deliveries) + 1))
    assert [delivery.letter for delivery in document.deliveries if delivery.letter] == list(document.letters or ())
    assert len(service.documents.told) == len(document.deliveries) + document.reminders
    assert len(evidence_of(document)) >= len(document.deliveries) + 2
    assert min(step.at for step in evidence_of(document)) >= NOON
