from __future__ import annotations

import pytest

from espace_documents.app.ports import ArchiveDamaged
from espace_documents.domain.document import OpenedBy

from .conftest import a_recipient

SELF, MANDATE = OpenedBy.SELF, OpenedBy.MANDATE


@pytest.fixture
async def document(service):
    person = service.knows()
    await service.switch(person, active=True)
    return await service.delivered(person)


async def whole(opened) -> bytes:
    return b"".join([piece async for piece in opened.pieces])


async def test_looking_at_what_a_document_is_opens_nothing(service, document):
    seen = await service.get(document.id, document.insured)
    assert (seen.first_opened_at, seen.downloaded_at) == (None, None)


async def test_opening_and_downloading_are_facts_of_the_first_time(service, document):
    assert await whole(await service.open(document.id, document.insured, SELF)) == service.archive.files[document.pdf.blob]
    first = await service.documents.get(document.id)
    assert document.available_at < first.first_opened_at < first.downloaded_at
    await whole(await service.open(document.id, document.insured, SELF))
    assert await service.documents.get(document.id) == first


async def test_who_opened_it_first_stays_named_the_person_or_who_holds_their_mandate(service, document):
    await service.open(document.id, document.insured, MANDATE)
    await service.open(document.id, document.insured, SELF)
    stored = await service.documents.get(document.id)
    assert (stored.first_opened_by, stored.unread) == (MANDATE, False)


async def test_who_breaks_off_has_opened_but_not_downloaded(service, document):
    opened = await service.open(document.id, document.insured, SELF)
    await anext(opened.pieces)
    await opened.pieces.aclose()
    stored = await service.documents.get(document.id)
    assert stored.first_opened_at is not None
    assert stored.downloaded_at is None


async def test_two_who_open_at_once_leave_one_first_opening(service, document):
    async def another_is_faster(_document):
        service.documents.before_save = _do_nothing
        await service.open(document.id, document.insured, SELF)

    service.documents.before_save = another_is_faster
    await service.open(document.id, document.insured, SELF)
    stored = await service.documents.get(document.id)
    assert stored.first_opened_at is not None
    assert stored.version == 2


async def test_another_persons_document_is_no_document(service, document):
    assert await service.get(document.id, a_recipient().id) is None
    assert await service.open(document.id, a_recipient().id, SELF) is None
    assert (await service.documents.get(document.id)).first_opened_at is None


async def test_a_damaged_file_counts_as_unopened(service, document):
    del service.archive.files[document.pdf.blob]
    with pytest.raises(ArchiveDamaged):
        await service.open(document.id, document.insured, SELF)
    assert (await service.documents.get(document.id)).first_opened_at is None


async def _do_nothing(*_):
    """Nobody comes in between any more."""
