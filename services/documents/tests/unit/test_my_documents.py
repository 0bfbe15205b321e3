"""What a person finds under "My documents", how they narrow it, and what they put away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import DocumentType
from espace_documents.app.list_documents import UnknownPlace
from espace_documents.domain.document import OpenedBy
from espace_documents.domain.selection import Selection
from espace_documents.domain.words import words_of

from .conftest import an_order

EVERYTHING = Selection()


@pytest.fixture
async def person(service):
    person = service.knows()
    await service.switch(person, active=True)
    return person


async def seen(service, person, selection=EVERYTHING, **part):
    """The documents a person sees, newest first."""
    return [shown.document for shown in (await service.list(person, selection, **part)).documents]


async def of_type(service, person, document_type: DocumentType):
    order = replace(an_order(person), content=SimpleNamespace(type=document_type))
    await service.deliver(order)
    return await service.documents.get(order.document)


async def entitled(service, person, title: str):
    service.typesetter.title = title
    return await service.delivered(person)


async def test_the_list_is_newest_first_and_can_be_narrowed_to_several_types(service, person):
    first, second = await service.delivered(person), await of_type(service, person, DocumentType.CLOSING_LETTER)
    third = await of_type(service, person, DocumentType.COINSURANCE_CERTIFICATE)
    assert await seen(service, person) == [third, second, first]
    some = Selection(types=frozenset({DocumentType.CLOSING_LETTER, DocumentType.BANK_ACCOUNT_CHANGE}))
    assert await seen(service, person, some) == [second, first]
    assert await seen(service, person, Selection(types=frozenset({DocumentType.SUBMISSION_RECEIPT}))) == []


async def test_a_long_list_is_read_part_by_part_and_a_document_that_comes_meanwhile_moves_nothing(service, person):
    oldest, *between, newest = [await service.delivered(person) for _ in range(5)]
    part = await service.list(person, EVERYTHING, limit=2)
    assert ([shown.document for shown in part.documents], part.goes_on_after) == ([newest, between[2]], between[2].id)
    await service.delivered(person)
    part = await service.list(person, EVERYTHING, after=part.goes_on_after, limit=2)
    assert [shown.document for shown in part.documents] == [between[1], between[0]]
    part = await service.list(person, EVERYTHING, after=part.goes_on_after, limit=2)
    assert ([shown.document for shown in part.documents], part.goes_on_after) == ([oldest], None)


async def test_a_part_goes_on_after_a_document_that_was_opened_or_put_away_meanwhile(service, person):
    oldest, middle, newest = [await service.delivered(person) for _ in range(3)]
    unread = Selection(unread=True)
    part = await service.list(person, unread, limit=2)
    await service.open(middle.id, person, OpenedBy.SELF)
    await service.sort(newest.id, person, archived=True)
    assert await seen(service, person, unread, after=part.goes_on_after) == [oldest]


async def test_a_part_that_ends_with_the_last_document_is_the_last_part(service, person):
    documents = [await service.delivered(person) for _ in range(2)]
    assert (await service.list(person, EVERYTHING, limit=2)).goes_on_after is None
    assert await seen(service, person, after=documents[0].id) == []


async def test_a_list_goes_on_only_after_a_document_of_the_persons_own(service):
    person, other = service.knows(), service.knows()
    await service.switch(other, active=True)
    theirs = await service.delivered(other)
    posted = await service.delivered(person)
    for stranger in (theirs.id, posted.id, uuid4()):
        with pytest.raises(UnknownPlace):
            await service.list(person, EVERYTHING, after=stranger)


@pytest.mark.parametrize(
    ("first", "last", "since", "before"),
    [
        (date(2026, 1, 15), date(2026, 1, 15), datetime(2026, 1, 14, 23, tzinfo=UTC), datetime(2026, 1, 15, 23, tzinfo=UTC)),
        (date(2026, 7, 1), date(2026, 7, 31), datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 7, 31, 22, tzinfo=UTC)),
        (date(2026, 3, 29), date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (None, None, None, None),
    ],
)
def test_a_period_is_of_whole_days_in_luxembourg_the_last_one_included(first, last, since, before):
    period = Selection(first_day=first, last_day=last)
    assert (period.since, period.before) == (since, before)


async def test_the_list_can_be_narrowed_to_a_period(service, person):
    one = await service.delivered(person)
    day = one.available_at.date()
    assert await seen(service, person, Selection(first_day=day, last_day=day)) == [one]
    assert await seen(service, person, Selection(last_day=date(2026, 3, 1))) == []
    assert await seen(service, person, Selection(first_day=date(2026, 3, 3))) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("médicaux", True),
        ("MEDICAUX", True),
        ("remb frais", True),
        ("frais remb", True),
        ("d\u2019octobre", True),
        ("coeur cœur", True),
        ("strasse", True),
        ("edicaux", False),
        ("remb absent", False),
        ("", True),
        (" .*?$^ ", True),
        ("m.dicaux", False),
    ],
)
async def test_a_document_is_found_by_the_beginnings_of_its_titles_words_whatever_the_accents_and_capitals(service, person, asked, found):
    document = await entitled(service, person, "Remboursement de vos frais médicaux d'octobre, Cœur & Straße")
    assert await seen(service, person, Selection(words=words_of(asked))) == ([document] if found else [])


async def test_a_document_is_found_by_its_reference_with_dashes_or_without(service, person):
    await service.delivered(person)
    document = await service.delivered(person)
    reference = document.reference
    for written in (reference, reference.lower(), reference.replace("-", ""), reference[2:], reference[2:].replace("-", ""), reference[:9]):
        assert await seen(service, person, Selection(words=words_of(written))) == [document], written


async def test_unread_is_what_nobody_opened_and_their_number_is_told_with_each_part(service, person):
    first, second, third = [await service.delivered(person) for _ in range(3)]
    await service.open(first.id, person, OpenedBy.SELF)
    await service.sort(third.id, person, archived=True)
    assert await seen(service, person, Selection(unread=True)) == [second]
    assert (await service.list(person, Selection(archived=True), limit=1)).unread == 1


async def test_what_is_put_away_is_listed_apart_until_it_is_taken_back_and_is_not_opened_by_it(service, person):
    first, second = [await service.delivered(person) for _ in range(2)]
    for _ in range(2):
        assert await service.sort(first.id, person, archived=True) is True
    assert await seen(service, person) == [second]
    (away,) = await seen(service, person, Selection(archived=True))
    assert (away.id, away.version, away.unread) == (first.id, first.version + 1, True)
    for _ in range(2):
        assert await service.sort(first.id, person, archived=False) is True
    assert [document.id for document in await seen(service, person)] == [second.id, first.id]
    assert await seen(service, person, Selection(archived=True)) == []


async def test_what_is_opened_at_the_very_moment_it_is_put_away_is_both(service, person):
    document = await service.delivered(person)

    async def it_is_opened(_document):
        service.documents.before_save = _do_nothing
        await service.open(document.id, person, OpenedBy.MANDATE)

    service.documents.before_save = it_is_opened
    await service.sort(document.id, person, archived=True)
    stored = await service.documents.get(document.id)
    assert stored.archived_at is not None
    assert stored.first_opened_by is OpenedBy.MANDATE


async def test_nobody_puts_away_what_is_anothers_or_went_by_post(service, person):
    document = await service.delivered(person)
    posted = await service.delivered(other := service.knows())
    for somebody, something in ((other, document), (other, posted), (person, SimpleNamespace(id=uuid4()))):
        for archived in (True, False):
            assert await service.sort(something.id, somebody, archived=archived) is False
    assert (await service.documents.get(document.id)).archived_at is None


async def test_what_holds_in_place_of_a_withdrawn_document_is_named_to_its_recipient_alone(service, person):
    await service.switch(other := service.knows(), active=True)
    wrong, right, mistaken = await service.delivered(person), await service.delivered(person), await service.delivered(other)
    await service.withdraw(wrong.id, right.id)
    await service.withdraw(mistaken.id, right.id)
    shown = await service.show(wrong.id, person)
    assert (shown.document.withdrawn_at is not None, shown.replaced_by) == (True, right.id)
    assert (await service.show(mistaken.id, other)).replaced_by is None
    assert [shown.replaced_by for shown in (await service.list(person, EVERYTHING)).documents] == [None, right.id]
    assert await service.show(wrong.id, other) is None


async def _do_nothing(*_):
    """Nobody comes in between any more."""
