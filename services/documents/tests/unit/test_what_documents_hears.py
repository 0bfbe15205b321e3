from __future__ import annotations

from dataclasses import replace

import pytest

from espace_contracts.events import (
    BenefitSettled,
    ContactConfirmed,
    DocumentOrdered,
    LetterCalledOff,
    LetterDispatched,
    LetterFailed,
    LetterPosted,
    LetterReturned,
    NoticeBounced,
    NoticeSent,
    PersonRecorded,
    ProcedureClosed,
    ReimbursementSettled,
)
from espace_contracts.golden import messages
from espace_contracts.vocabulary import NoticeMeans
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.contact import Notices
from espace_documents.domain.preference import Preference
from espace_documents.events.incoming import subscriptions
from espace_kernel.envelope import attributes_of, receive

from .conftest import a_recipient

GOLDEN = list(messages())
CLOSINGS = [message for message in GOLDEN if message.headers["ce_type"] == ProcedureClosed.type]
ORDERED = [message for message in GOLDEN if message.headers["ce_type"] == DocumentOrdered.type]
PERSONS = [message for message in GOLDEN if message.headers["ce_type"] == PersonRecorded.type]


def received(message):
    contract, handler = subscriptions.handlers[message.headers["ce_type"]]
    return receive(contract, attributes_of([(name, value.encode()) for name, value in message.headers.items()]), message.value), handler


@pytest.fixture
def do(service) -> UseCases:
    async def edelivery_of(insured) -> Preference:
        return await service.preferences.of(insured)

    return UseCases(
        keep_recipient=service.keep_recipient,
        edelivery_of=edelivery_of,
        switch_edelivery=service.switch,
        deliver_what_was_ordered=service.deliver_what_was_ordered,
        deliver_document=service.deliver,
        deliver_in_their_language=service.deliver_in_their_language,
        note_posting=service.note_posting,
        note_dispatch=service.note_dispatch,
        note_return=service.note_return,
        note_letter_failure=service.note_letter_failure,
        note_call_off=service.note_call_off,
        note_notice=service.note_notice,
        note_contact=service.note_contact,
        tell_evidence=service.tell_evidence,
        document=service.documents.get,
        stuck_documents=service.deliver_stuck.longest,
        list_documents=service.list,
        show_document=service.show,
        open_pdf=service.open,
        open_together=service.open_together,
        archive_document=service.sort,
        get_letter=service.get_letter,
        open_letter=service.open_letter,
        typeset_address_sheet=service.typeset_address_sheet,
        verify_document=service.verify,
        withdraw_document=service.withdraw,
    )


def test_documents_hears_of_persons_orders_benefits_letters_notices_and_contacts():
    heard = {contract for contract, _ in subscriptions.handlers.values()}
    assert heard == {
        PersonRecorded, ProcedureClosed, DocumentOrdered, BenefitSettled, ReimbursementSettled, LetterPosted, LetterFailed,
        LetterCalledOff, LetterDispatched, LetterReturned, NoticeSent, NoticeBounced, ContactConfirmed,
    }  # fmt: skip


@pytest.mark.parametrize("message", PERSONS, ids=lambda message: message.name)
async def test_a_recorded_person_becomes_a_recipient(message, service, do):
    event, handler = received(message)
    await handler(event, do)
    (recipient,) = service.recipients.values()
    person = event.data
    assert (recipient.id, recipient.revision, recipient.address, recipient.deceased, recipient.locale) == (
        person.insured,
        person.revision,
        person.address,
        person.deceased,
        person.locale,
    )
    assert recipient.name == f"{person.given_name} {person.family_name}"


@pytest.mark.parametrize("message", CLOSINGS, ids=lambda message: message.name)
async def test_a_closing_orders_its_documents_in_the_language_of_the_submission(message, service, do):
    event, handler = received(message)
    for order in event.data.documents:
        person = service.recipients[service.knows()]
        service.recipients[order.recipient] = person
    await handler(event, do)
    await handler(event, do)
    assert [(order.recipient, order.content, order.locale, order.without_login) for order in service.typesetter.made] == [
        (order.recipient, order.content, event.data.locale, order.by_post) for order in event.data.documents
    ]
    document = await service.documents.get(service.typesetter.made[0].document)
    assert (document.source.procedure, document.source.event, document.source.ordered_at) == (event.data.procedure, event.id, event.time)


async def test_several_certificates_of_one_type_for_one_recipient_are_as_many_documents_however_often_they_are_ordered(service, do):
    message = next(message for message in CLOSINGS if message.name.endswith("ehic_replacement_certificate"))
    event, handler = received(message)
    (order,) = event.data.documents
    for_a_child = order.model_copy(update={"content": order.content.model_copy(update={"holder_given_names": "Mia"})})
    several = replace(event, data=event.data.model_copy(update={"documents": (order, for_a_child)}))
    service.recipients[order.recipient] = a_recipient()
    await handler(several, do)
    await handler(several, do)
    assert [order.content.holder_given_names for order in service.typesetter.made] == [order.content.holder_given_names, "Mia"]
    await handler(event, do)
    assert len(service.documents.by_id) == 2, "the first of several has the id that it has alone"


@pytest.mark.parametrize("message", ORDERED, ids=lambda message: message.name)
async def test_a_step_of_a_procedure_orders_one_document_however_often_it_is_told(message, service, do):
    event, handler = received(message)
    service.recipients[event.data.document.recipient] = a_recipient()
    await handler(event, do)
    await handler(event, do)
    (document,) = service.documents.all()
    assert document.id == event.derived_id("document", document.type, document.insured)
    assert (document.type, document.locale) == (event.data.document.content.type, event.data.locale)
    assert (document.source.procedure, document.source.event, document.source.ordered_at) == (event.data.procedure, event.id, event.time)


async def heard(contract, name, service, do):
    """The golden message of this name, about a document that is here; the event and the document afterwards."""
    message = next(message for message in GOLDEN if message.headers["ce_type"] == contract.type and message.name.endswith(name))
    event, handler = received(message)
    document = await service.delivered(service.knows())
    kept = service.documents.by_id.pop(document.id)
    kept.id = getattr(event.data, "document", kept.id)
    if letter := getattr(event.data, "letter", None):
        kept.letters, kept.deliveries = (letter,), (replace(kept.last, letter=letter),)
    else:
        kept.letters, kept.deliveries = None, (replace(kept.last, letter=None),)
    service.documents.by_id[kept.id] = kept
    await handler(event, do)
    await handler(event, do)
    noted = await service.documents.get(kept.id)
    assert noted.version == 2
    return event.data, noted.last, event.time


async def test_what_became_of_a_letter_is_noted(service, do):
    told, noted, _ = await heard(LetterPosted, "", service, do)
    assert (noted.posted_at, noted.failed_at) == (told.posted_at, None)
    told, noted, _ = await heard(LetterDispatched, "", service, do)
    assert noted.dispatched_at == told.dispatched_at
    for reason in ("moved", "unclaimed"):
        told, noted, _ = await heard(LetterReturned, reason, service, do)
        assert (noted.returned_at, noted.return_reason) == (told.returned_at, reason)
    for reason in ("no_usable_address", "content_altered"):
        told, noted, at = await heard(LetterFailed, reason, service, do)
        assert (noted.posted_at, noted.failed_at, noted.failure) == (None, at, reason)
    for reason in ("document_withdrawn", "recipient_erased"):
        told, noted, _ = await heard(LetterCalledOff, reason, service, do)
        assert (noted.posted_at, noted.called_off_at, noted.called_off_why) == (None, told.called_off_at, reason)


@pytest.mark.parametrize("means", ["email", "sms"])
async def test_each_notice_is_noted_once(means, service, do):
    told, noted, _ = await heard(NoticeSent, means, service, do)
    assert [(notice.id, notice.means, notice.reminder, notice.sent_at) for notice in noted.notices] == [
        (told.notice, means, told.reminder, told.sent_at)
    ]


@pytest.mark.parametrize("means", NoticeMeans)
async def test_each_notice_about_a_document_that_came_back_is_noted_once(means, service, do):
    told, noted, _ = await heard(NoticeBounced, f"of_a_document_by_{means}", service, do)
    assert [(bounce.notice, bounce.means, bounce.reminder, bounce.bounced_at) for bounce in noted.bounces] == [
        (told.notice, means, told.reminder, told.bounced_at)
    ]
    assert (await service.preferences.of(told.insured)).contact.bounced == (told.contact_revision if means == "email" else 0)


async def test_a_bounce_of_mail_is_known_and_one_of_a_text_message_changes_nothing(service, do):
    event, handler = received(next(message for message in GOLDEN if message.name == NoticeBounced.type))
    for means in NoticeMeans:
        await handler(replace(event, data=event.data.model_copy(update={"means": means, "contact_revision": len(means)})), do)
    contact = (await service.preferences.of(event.data.insured)).contact
    assert (contact.bounced, contact.bounced_at, contact.notices) == (len("email"), event.data.bounced_at, Notices.BOUNCED)


async def test_a_confirmed_address_is_known_by_its_revision(service, do):
    event, handler = received(next(message for message in GOLDEN if message.headers["ce_type"] == ContactConfirmed.type))
    await handler(event, do)
    contact = (await service.preferences.of(event.data.insured)).contact
    assert (contact.confirmed, contact.confirmed_at, contact.notices) == (event.data.revision, event.time, Notices.REACHABLE)
