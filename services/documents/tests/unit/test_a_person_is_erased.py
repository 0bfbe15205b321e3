from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from espace_documents.app.delete_orphan_files import DeleteOrphanFiles
from espace_documents.app.get_letter import NotToBePosted
from espace_documents.app.ports import RecipientErased
from espace_documents.app.settle_erasures import SettleErasures
from espace_documents.app.watch_letters import OVERDUE_LETTERS, WatchLetters
from espace_documents.domain.document import NoMore, OpenedBy
from espace_documents.domain.finding import Finding
from espace_documents.domain.selection import Selection

from .conftest import a_recipient, an_order


@pytest.fixture
def person(service):
    return service.knows()


async def test_of_an_erased_person_nothing_is_left_that_says_who_they_are(service, person):
    await service.switch(person, active=True)
    document = await service.delivered(person)
    assert await service.erase(person) == 1
    stored = await service.documents.get(document.id)
    assert (stored.pdf.title, stored.words, stored.erased_at) == ("", (), service.keys.erased_at[person])
    assert "Sophie" not in repr(stored)
    assert await service.recipients.get(person) is None
    assert await service.preferences.get(person) is None


async def test_a_document_of_an_erased_person_is_no_document(service, person):
    await service.switch(person, active=True)
    document = await service.delivered(person)
    await service.erase(person)
    assert await service.get(document.id, person) is None
    assert await service.documents.in_espace_of(person, Selection(), after=None, limit=10) == []


async def test_a_waiting_letter_of_an_erased_person_is_no_letter_and_nobody_waits_for_it(service, person):
    document = await service.delivered(person)
    await service.erase(person)
    for ask in (service.get_letter, service.open_letter, service.typeset_address_sheet):
        with pytest.raises(NotToBePosted) as gone:
            await ask(document.letter)
        assert gone.value.why is NoMore.RECIPIENT_ERASED
    service.clock += timedelta(days=2)
    await WatchLetters(service.documents, service.now)()
    assert OVERDUE_LETTERS._value.get() == 0


async def test_whose_key_goes_while_a_document_is_being_opened_finds_none(service, person):
    await service.switch(person, active=True)
    document, letter = await service.delivered(person), await service.delivered(other := service.knows())
    for insured in (person, other):
        await service.keys.erase(insured, service.now())
    with pytest.raises(NotToBePosted):
        await service.open_letter(letter.letter)
    assert await service.open(document.id, person, OpenedBy.SELF) is None
    assert (await service.documents.get(document.id)).first_opened_at is None


async def test_a_document_stays_genuine_or_withdrawn_when_its_recipient_is_erased(service, person):
    genuine, withdrawn = await service.delivered(person), await service.delivered(person)
    await service.withdraw(withdrawn.id, None)
    await service.erase(person)
    assert (await service.documents.get(genuine.id)).standing is Finding.GENUINE
    assert (await service.documents.get(withdrawn.id)).standing is Finding.WITHDRAWN


async def test_what_comes_for_an_erased_person_is_a_dead_letter_and_archives_nothing(service, person):
    await service.erase(person)
    with pytest.raises(RecipientErased, match="The recipient was erased"):
        await service.deliver(an_order(person))
    with pytest.raises(RecipientErased):
        await service.deliver_in_their_language(person, lambda _locale: an_order(person))
    assert service.archive.files == {}


async def test_a_late_file_on_an_erased_person_is_not_kept(service, person):
    file = service.recipients[person]
    await service.erase(person)
    await service.recipients.keep(file)
    assert await service.recipients.get(person) is None


async def test_who_is_not_known_here_is_not_erased(service):
    assert await service.erase(a_recipient().id) is None
    assert service.keys.erased_at == {}


async def test_an_erasure_that_was_cut_short_is_finished_by_its_repeat(service, person):
    await service.delivered(person)
    await service.keys.erase(person, service.now())
    await service.recipients.erase(person)
    assert await service.erase(person) == 1
    assert await service.erase(person) == 0


async def test_somebody_who_notes_a_fact_meanwhile_does_not_keep_a_document_from_being_erased(service, person):
    document = await service.delivered(person)

    async def the_letter_is_posted(_document):
        service.documents.before_save = _nothing
        await service.note_posting(document.letter, service.now())

    service.documents.before_save = the_letter_is_posted
    await service.erase(person)
    stored = await service.documents.get(document.id)
    assert stored.erased_at is not None
    assert stored.last.posted_at is not None


async def test_what_was_under_way_when_its_recipient_was_erased_is_erased_an_hour_later(service, person):
    settle = SettleErasures(service.keys, service.erase, service.now)

    async def the_person_is_erased(_document):
        service.documents.before_add = _nothing
        await service.erase(person)

    service.documents.before_add = the_person_is_erased
    document = await service.delivered(person)
    assert document.erased_at is None
    assert await settle() == 0
    service.clock += timedelta(hours=1)
    assert await settle() == 1
    assert (await service.documents.get(document.id)).erased_at is not None
    assert await settle() == 0
    assert service.keys.settled == {person}


async def test_the_files_of_an_erased_person_are_swept_away_and_no_others(service, person):
    await service.delivered(person)
    other = await service.delivered(service.knows())
    sweep = DeleteOrphanFiles(service.documents, service.archive, service.now)
    service.clock += timedelta(hours=2)
    assert await sweep() == 0
    await service.erase(person)
    assert await sweep() == 1
    assert list(service.archive.files) == [other.pdf.blob]


async def _nothing(*_):
    """Nobody comes in between any more."""


async def test_an_id_that_nobody_has_is_told_apart_from_an_erased_person(service, person):
    await service.erase(person)
    assert await service.recipients.erased(person)
    assert not await service.recipients.erased(uuid4())
