from __future__ import annotations

from dataclasses import replace

import pytest

from espace_contracts.events import DocumentOrdered, LetterFailed, LetterPosted, PersonRecorded, ProcedureClosed
from espace_contracts.golden import messages
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.preference import Preference
from espace_documents.events.incoming import subscriptions
from espace_kernel.envelope import attributes_of, receive

from .conftest import a_recipient

GOLDEN = list(messages())
CLOSINGS = [message for message in GOLDEN if message.headers["ce_type"] == ProcedureClosed.type]
PERSONS = [message for message in GOLDEN if message.headers["ce_type"] == PersonRecorded.type]


def received(message):
    contract, handler = subscriptions.handlers[message.headers["ce_type"]]
    return receive(contract, attributes_of([(name, value.encode()) for name, value in message.headers.items()]), message.value), handler


@pytest.fixture
def do(service) -> UseCases:
    async def edelivery_of(insured) -> Preference:
        return await service.preferences.of(insured)

    return UseCases(
        keep_recipient=service.recipients.keep,
        edelivery_of=edelivery_of,
        switch_edelivery=service.switch,
        deliver_what_was_ordered=service.deliver_what_was_ordered,
        note_posting=service.note_posting,
        note_letter_failure=service.note_letter_failure,
        list_documents=service.list,
        get_document=service.get,
        open_pdf=service.open,
        get_letter=service.get_letter,
        open_letter=service.open_letter,
        typeset_address_sheet=service.typeset_address_sheet,
    )


def test_documents_hears_of_persons_orders_and_letters():
    heard = {contract for contract, _ in subscriptions.handlers.values()}
    assert heard == {PersonRecorded, ProcedureClosed, DocumentOrdered, LetterPosted, LetterFailed}


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


async def test_a_step_of_a_procedure_orders_one_document_however_often_it_is_told(service, do):
    (message,) = (message for message in GOLDEN if message.headers["ce_type"] == DocumentOrdered.type)
    event, handler = received(message)
    service.recipients[event.data.document.recipient] = a_recipient()
    await handler(event, do)
    await handler(event, do)
    (document,) = service.documents.all()
    assert document.id == event.derived_id("document", document.type, document.insured)
    assert (document.type, document.locale) == (event.data.document.content.type, event.data.locale)
    assert (document.source.procedure, document.source.event, document.source.ordered_at) == (event.data.procedure, event.id, event.time)


@pytest.mark.parametrize("contract", [LetterPosted, LetterFailed])
async def test_what_became_of_a_letter_is_noted(contract, service, do):
    for message in (message for message in GOLDEN if message.headers["ce_type"] == contract.type):
        event, handler = received(message)
        document = await service.delivered(service.knows())
        service.documents.by_id[document.id].letter = event.data.letter
        await handler(event, do)
        noted = await service.documents.get(document.id)
        if contract is LetterPosted:
            assert (noted.posted_at, noted.failed_at) == (event.data.posted_at, None)
        else:
            assert (noted.posted_at, noted.failed_at, noted.failure) == (None, event.time, event.data.reason.value)
