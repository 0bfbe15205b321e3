"""What becomes of a document whose letter came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4, uuid5

import pytest

from espace_contracts.vocabulary import Channel
from espace_documents.app import deliver_stuck
from espace_documents.app.deliver_stuck import STUCK_DELIVERIES, DeliverStuck
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.contact import Notices
from espace_documents.domain.delivery import MOST_LETTERS, Cause
from espace_documents.domain.document import LetterOrdered, MadeAvailable
from espace_kernel.outcomes import NeverWorks, VersionConflict

from .conftest import A_RECEIPT, NOON, an_order, nothing


@pytest.fixture
def person(service):
    return service.knows()


async def comes_back(service, document, at=NOON):
    await service.note_return(document.letter, "moved", at)
    return await service.documents.get(document.id)


def told(service):
    return [type(event) for event in service.documents.told]


async def test_a_letter_that_came_back_becomes_a_document_in_the_espace_when_edelivery_is_on_by_now(service, person):
    document = await service.delivered(person)
    await service.switch(person, active=True)
    document = await comes_back(service, document)
    first, second = document.deliveries
    assert (first.returned_at, first.return_reason, first.letter is None) == (NOON, "moved", False)
    assert (second.number, second.cause, second.decision.rule, second.letter) == (2, Cause.RETURNED, ChannelRule.EDELIVERY_ON, None)
    assert (document.channel, document.available_at, document.stuck_since) == (Channel.EDELIVERY, second.decision.at, None)
    assert told(service) == [LetterOrdered, MadeAvailable]
    assert await service.get(document.id, person) is not None


async def test_a_letter_that_came_back_goes_to_the_address_that_the_fund_recorded_meanwhile(service, person):
    document = await service.delivered(person)
    await service.moves(person, to="3, Um Weier")
    document = await comes_back(service, document)
    assert document.last.cause is Cause.RETURNED
    assert document.letters == tuple(uuid5(document.id, f"letter/{number}") for number in (1, 2))
    assert told(service) == [LetterOrdered, LetterOrdered]
    assert [(await service.get_letter(letter)).id for letter in document.letters] == list(document.letters)


async def test_a_letter_that_was_printed_with_the_new_address_is_not_sent_there_twice(service, person):
    document = await service.delivered(person)
    await service.moves(person, to="3, Um Weier")
    await service.typeset_address_sheet(document.letter)
    document = await comes_back(service, document)
    assert (document.stuck_since, len(document.deliveries)) == (NOON, 1)


async def test_a_sheet_that_is_looked_at_after_the_letter_went_says_nothing_of_where_it_went(service, person):
    document = await service.delivered(person)
    await service.typeset_address_sheet(document.letter)
    await service.note_posting(document.letter, NOON)
    await service.moves(person, to="3, Um Weier")
    await service.typeset_address_sheet(document.letter)
    document = await comes_back(service, document)
    assert (document.stuck_since, len(document.letters)) == (None, 2)


async def test_a_letter_that_came_back_waits_for_an_operator_until_there_is_another_address(service, person):
    document = await comes_back(service, await service.delivered(person))
    assert await service.documents.stuck() == [document]
    await service.deliver_stuck()
    assert STUCK_DELIVERIES._value.get() == 1
    known = service.recipients[person]
    await service.keep_recipient(replace(known, revision=known.revision + 1, name="Sophie Weber"))  # the same address
    await service.moves(person, to=None)
    assert await service.documents.stuck() == [document]
    await service.moves(person, to="3, Um Weier")
    document = await service.documents.get(document.id)
    assert (document.stuck_since, len(document.letters)) == (None, 2)
    await service.deliver_stuck()
    assert STUCK_DELIVERIES._value.get() == 0


async def test_a_letter_that_came_back_waits_for_an_operator_until_edelivery_is_switched_on(service, person):
    document = await comes_back(service, await service.delivered(person))
    await service.switch(person, active=True)
    document = await service.documents.get(document.id)
    assert (document.channel, document.stuck_since) == (Channel.EDELIVERY, None)
    await service.switch(person, active=False)
    assert len((await service.documents.get(document.id)).deliveries) == 2


async def test_while_notices_come_back_it_does_not_come_to_the_espace_and_then_it_does(service, person):
    document = await service.delivered(person)
    await service.switch(person, active=True)
    for _ in range(2):
        await service.note_contact(person, lambda contact: contact.confirm(1, NOON))
        await service.note_contact(person, lambda contact: contact.bounce(1, NOON))
    document = await comes_back(service, document)
    assert document.stuck_since == NOON
    await service.note_contact(person, lambda contact: contact.confirm(2, NOON))
    document = await service.documents.get(document.id)
    assert (document.stuck_since, document.last.decision.contact_confirmed) == (None, 2)
    assert document.channel is Channel.EDELIVERY


async def test_what_was_started_without_login_stays_on_paper_though_edelivery_is_on(service, person):
    await service.switch(person, active=True)
    order = an_order(person, without_login=True)
    await service.deliver(order)
    document = await comes_back(service, await service.documents.get(order.document))
    assert (document.channel, document.stuck_since) == (Channel.POST, NOON)
    await service.moves(person, to="3, Um Weier")
    assert (await service.documents.get(document.id)).last.decision.rule is ChannelRule.STARTED_WITHOUT_LOGIN


async def test_a_return_that_is_told_twice_leads_to_one_delivery(service, person):
    document = await service.delivered(person)
    await service.switch(person, active=True)
    for hours in range(3):
        after = await comes_back(service, document, NOON + timedelta(hours=hours))
    assert (len(after.deliveries), after.deliveries[0].returned_at) == (2, NOON)
    assert told(service) == [LetterOrdered, MadeAvailable]


async def test_of_two_who_note_one_return_at_once_only_one_delivers(service, person):
    document = await service.delivered(person)
    await service.switch(person, active=True)

    async def another_is_faster(_document):
        service.documents.before_save = nothing
        await comes_back(service, document)

    service.documents.before_save = another_is_faster
    with pytest.raises(VersionConflict):
        await comes_back(service, document)
    await comes_back(service, document)  # as the consumer tries again
    assert told(service) == [LetterOrdered, MadeAvailable]


async def test_of_many_that_are_stuck_each_look_takes_some_and_the_next_goes_on_behind_them(service, monkeypatch):
    monkeypatch.setattr(deliver_stuck, "AT_ONCE", 2)
    documents = [await service.delivered(service.knows()) for _ in range(5)]
    for days, document in enumerate(documents):
        await comes_back(service, document, NOON + timedelta(days=days))
    looked_at, again = [], service.again

    async def looking(document):
        looked_at.append(document.id)
        return await again(document)

    look = DeliverStuck(service.documents, looking)
    for _ in range(4):
        assert await look() == 0
        assert STUCK_DELIVERIES._value.get() == 5
    ids = [document.id for document in documents]
    assert looked_at == [*ids, *ids[:2]]
    assert [document.id for document in await look.longest()] == ids[:2]


async def test_of_two_who_look_at_a_stuck_document_at_once_only_one_delivers(service, person):
    document = await comes_back(service, await service.delivered(person))
    known = service.recipients[person]
    await service.recipients.keep(replace(known, revision=9, address=replace_line(known.address)))

    async def another_is_faster(_document):
        service.documents.before_save = nothing
        await service.deliver_stuck()

    service.documents.before_save = another_is_faster
    await service.deliver_stuck()
    assert len((await service.documents.get(document.id)).letters) == 2
    assert told(service) == [LetterOrdered, LetterOrdered]


async def test_there_are_never_more_letters_of_a_document_than_an_operator_need_not_know_of(service, person):
    document = await service.delivered(person)
    for number in range(MOST_LETTERS + 2):
        await service.moves(person, to=f"{number}, Um Weier")
        document = await comes_back(service, document, NOON + timedelta(days=number))
    assert len(document.letters) == MOST_LETTERS
    assert document.stuck_since is not None


async def test_what_was_withdrawn_or_erased_is_not_delivered_again(service, person):
    for end in (lambda document: service.withdraw(document.id, None), lambda document: service.erase(document.insured)):
        document = await service.delivered(insured := service.knows())
        await service.switch(insured, active=True)
        await end(document)
        assert (await comes_back(service, document)).stuck_since is None
        waiting = await comes_back(service, await service.delivered(other := service.knows()))
        assert waiting.stuck_since is not None
        await end(waiting)
        assert await service.documents.stuck_of(other) == []
    assert MadeAvailable not in told(service)


async def test_a_receipt_is_in_the_espace_of_who_has_no_edelivery(service, person):
    receipt = await service.delivered(person, A_RECEIPT)
    assert (receipt.channel, receipt.letters, receipt.unread_due_at) == (Channel.EDELIVERY, None, None)
    assert await service.get(receipt.id, person) is not None


async def test_a_bounce_before_the_decision_takes_effect(service, person):
    await service.switch(person, active=True)

    async def a_notice_comes_back():
        await service.note_contact(person, lambda contact: contact.bounce(3, NOON))

    service.typesetter.meanwhile = a_notice_comes_back
    document = await service.delivered(person)
    assert (document.decision.rule, document.decision.contact_bounced) == (ChannelRule.NOTICE_ADDRESS_BOUNCED, 3)
    assert document.channel is Channel.POST


async def test_a_bounce_after_the_decision_holds_for_the_next_document_only(service, person):
    await service.switch(person, active=True)

    async def a_notice_comes_back(_document):
        await service.note_contact(person, lambda contact: contact.bounce(3, NOON))

    service.documents.before_add = a_notice_comes_back
    document = await service.delivered(person)
    assert (document.channel, document.decision.contact_bounced) == (Channel.EDELIVERY, 0)
    service.documents.before_add = nothing
    assert (await service.delivered(person)).channel is Channel.POST
    assert (await service.documents.get(document.id)).channel is Channel.EDELIVERY, "what lies in the eSpace is not taken back"


async def test_nothing_is_kept_of_the_contact_of_who_was_erased(service, person):
    await service.erase(person)
    await service.note_contact(person, lambda contact: contact.bounce(3, NOON))
    assert (await service.preferences.of(person)).contact.notices is Notices.NO_ADDRESS


async def test_what_is_told_of_a_letter_or_a_document_that_is_not_here_is_a_dead_letter(service):
    for what in (service.note_dispatch(uuid4(), NOON), service.note_return(uuid4(), "moved", NOON), service.note_notice(uuid4(), bool)):
        with pytest.raises(NeverWorks):
            await what


async def test_nothing_is_decided_for_who_is_not_on_file(service, person):
    document = await service.delivered(person)
    await service.recipients.erase(person)
    assert (await comes_back(service, document)).stuck_since == NOON


def replace_line(address):
    return address.model_copy(update={"lines": ("3, Um Weier",)})
