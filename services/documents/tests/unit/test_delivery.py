from __future__ import annotations

import pytest

from espace_contracts.vocabulary import Channel
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.document import LetterOrdered, MadeAvailable, OpenedBy
from espace_documents.domain.selection import Selection
from espace_kernel.outcomes import NeverWorks, RetryLater

from .conftest import an_order


async def test_what_was_ordered_lies_in_the_espace_when_edelivery_is_on(service):
    person = service.knows()
    await service.switch(person, active=True)
    document = await service.delivered(person)
    assert document.decision.rule is ChannelRule.EDELIVERY_ON
    assert document.pdf.rendered_at < document.available_at
    assert service.archive.files[document.pdf.blob].startswith(b"%PDF")
    assert [type(event) for event in service.documents.told] == [MadeAvailable]
    assert [shown.document for shown in (await service.list(person, Selection())).documents] == [document]


async def test_what_was_ordered_is_posted_when_edelivery_is_off(service):
    person = service.knows()
    document = await service.delivered(person)
    assert document.decision.rule is ChannelRule.EDELIVERY_OFF
    assert [type(event) for event in service.documents.told] == [LetterOrdered]
    assert (await service.list(person, Selection())).documents == []
    assert await service.get(document.id, person) is None
    assert await service.open(document.id, person, OpenedBy.SELF) is None


async def test_what_was_started_without_login_is_posted_though_edelivery_is_on(service):
    person = service.knows()
    await service.switch(person, active=True)
    order = an_order(person, without_login=True)
    await service.deliver(order)
    document = await service.documents.get(order.document)
    assert (document.decision.rule, document.available_at) == (ChannelRule.STARTED_WITHOUT_LOGIN, None)
    assert [type(event) for event in service.documents.told] == [LetterOrdered]
    assert (await service.list(person, Selection())).documents == []
    assert await service.get(order.document, person) is None


async def test_without_address_and_without_edelivery_the_letter_is_requested_all_the_same(service):
    document = await service.delivered(service.knows(address=False))
    assert document.letter is not None
    letter = await service.get_letter(document.letter)
    assert letter.recipient.address is None


async def test_an_order_that_comes_again_makes_no_second_document(service):
    order = an_order(service.knows())
    await service.deliver(order)
    await service.deliver(order)
    assert len(service.typesetter.made) == len(service.documents.by_id) == len(service.documents.told) == 1


async def test_of_two_who_make_one_document_at_once_only_one_tells_it(service):
    order = an_order(service.knows())

    async def another_is_faster():
        service.typesetter.meanwhile = _do_nothing
        await service.deliver(order)

    service.typesetter.meanwhile = another_is_faster
    await service.deliver(order)
    assert len(service.documents.told) == 1
    assert len(service.archive.files) == 2  # the second file is an orphan: a sweeper deletes it


async def test_a_try_that_died_after_the_archive_is_made_good_by_the_next(service):
    order = an_order(service.knows())

    async def the_store_goes_away(_document):
        service.documents.before_add = _do_nothing
        raise ConnectionError

    service.documents.before_add = the_store_goes_away
    with pytest.raises(ConnectionError):
        await service.deliver(order)
    await service.deliver(order)
    assert len(service.documents.told) == 1


async def test_a_document_waits_for_the_file_on_its_recipient(service):
    order = an_order(service.knows())
    person = service.recipients.pop(order.recipient)
    with pytest.raises(RetryLater):
        await service.deliver(order)
    assert service.archive.files == {}
    await service.recipients.keep(person)
    await service.deliver(order)
    assert len(service.documents.told) == 1


async def test_a_switch_before_the_decision_takes_effect(service):
    person = service.knows()

    async def the_person_switches():
        await service.switch(person, active=True)

    service.typesetter.meanwhile = the_person_switches
    document = await service.delivered(person)
    assert (document.channel, document.decision.preference_revision) == (Channel.EDELIVERY, 1)


async def test_a_switch_after_the_decision_holds_for_the_next_document_only(service):
    person = service.knows()

    async def the_person_switches(_document):
        await service.switch(person, active=True)

    service.documents.before_add = the_person_switches
    document = await service.delivered(person)
    assert (document.channel, document.decision.preference_revision) == (Channel.POST, 0)
    service.documents.before_add = _do_nothing
    assert (await service.delivered(person)).channel is Channel.EDELIVERY


async def test_each_document_of_a_closing_is_delivered_though_another_cannot_be(service):
    person = service.knows()
    poison, sound = an_order(person, holder="?"), an_order(person)
    service.typesetter.refuses.add("?")
    for _ in range(2):
        with pytest.raises(NeverWorks):
            await service.deliver_what_was_ordered([poison, sound])
    assert list(service.documents.by_id) == [sound.document]
    service.typesetter.refuses.clear()  # the template was mended, the dead letter is replayed
    await service.deliver_what_was_ordered([poison, sound])
    assert len(service.documents.told) == 2


async def test_what_may_still_succeed_is_tried_again_before_the_rest_is_given_up(service):
    poison, early = an_order(service.knows(), holder="?"), an_order(service.knows())
    service.typesetter.refuses.add("?")
    del service.recipients[early.recipient]
    with pytest.raises(RetryLater):
        await service.deliver_what_was_ordered([poison, early])


async def test_a_closing_without_documents_delivers_none(service):
    await service.deliver_what_was_ordered([])
    assert service.documents.told == []


async def _do_nothing(*_):
    """Nobody comes in between any more."""
