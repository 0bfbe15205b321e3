from __future__ import annotations

from uuid import uuid4

import pytest

from espace_contracts.vocabulary import Channel, DocumentType
from espace_documents.app.list_documents import UnknownPlace
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.document import LetterOrdered, MadeAvailable
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
    assert (await service.list(person, None)).documents == [document]


async def test_what_was_ordered_is_posted_when_edelivery_is_off(service):
    person = service.knows()
    document = await service.delivered(person)
    assert document.decision.rule is ChannelRule.EDELIVERY_OFF
    assert [type(event) for event in service.documents.told] == [LetterOrdered]
    assert (await service.list(person, None)).documents == []
    assert await service.get(document.id, person) is None
    assert await service.open(document.id, person) is None


async def test_what_was_started_without_login_is_posted_though_edelivery_is_on(service):
    person = service.knows()
    await service.switch(person, active=True)
    order = an_order(person, without_login=True)
    await service.deliver(order)
    document = await service.documents.get(order.document)
    assert (document.decision.rule, document.available_at) == (ChannelRule.STARTED_WITHOUT_LOGIN, None)
    assert [type(event) for event in service.documents.told] == [LetterOrdered]
    assert (await service.list(person, None)).documents == []
    assert await service.get(order.document, person) is None


async def test_without_address_and_without_edelivery_the_letter_is_requested_all_the_same(service):
    document = await service.delivered(service.knows(address=False))
    assert document.letter_requested_at is not None
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


async def test_the_list_is_newest_first_and_can_be_narrowed_to_a_type(service):
    person = service.knows()
    await service.switch(person, active=True)
    first, second = await service.delivered(person), await service.delivered(person)
    assert (await service.list(person, None)).documents == [second, first]
    assert (await service.list(person, DocumentType.BANK_ACCOUNT_CHANGE)).documents == [second, first]
    assert (await service.list(person, DocumentType.CLOSING_LETTER)).documents == []


async def test_a_long_list_is_read_part_by_part_and_a_document_that_comes_meanwhile_moves_nothing(service):
    person = service.knows()
    await service.switch(person, active=True)
    oldest, *between, newest = [await service.delivered(person) for _ in range(5)]
    part = await service.list(person, None, limit=2)
    assert (part.documents, part.goes_on_after) == ([newest, between[2]], between[2].id)
    await service.delivered(person)
    part = await service.list(person, None, after=part.goes_on_after, limit=2)
    assert part.documents == [between[1], between[0]]
    part = await service.list(person, None, after=part.goes_on_after, limit=2)
    assert (part.documents, part.goes_on_after) == ([oldest], None)


async def test_a_part_that_ends_with_the_last_document_is_the_last_part(service):
    person = service.knows()
    await service.switch(person, active=True)
    documents = [await service.delivered(person) for _ in range(2)]
    assert (await service.list(person, None, limit=2)).goes_on_after is None
    assert (await service.list(person, None, after=documents[0].id, limit=2)).documents == []


async def test_a_list_goes_on_only_after_a_document_of_the_persons_own(service):
    person, other = service.knows(), service.knows()
    await service.switch(other, active=True)
    theirs = await service.delivered(other)
    posted = await service.delivered(person)
    for stranger in (theirs.id, posted.id, uuid4()):
        with pytest.raises(UnknownPlace):
            await service.list(person, None, after=stranger)


async def _do_nothing(*_):
    """Nobody comes in between any more."""
