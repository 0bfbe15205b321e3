from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import PostalAddress
from espace_documents.app.get_letter import NotToBePosted
from espace_documents.app.watch_letters import OVERDUE_LETTERS, WatchLetters
from espace_documents.domain.document import NoMore
from espace_documents.domain.evidence import StepKind, evidence_of
from espace_kernel.outcomes import NeverWorks

from .conftest import NOON


@pytest.fixture
async def document(service):
    return await service.delivered(service.knows())


async def test_a_posting_is_noted_once(service, document):
    await service.note_posting(document.letter, NOON)
    await service.note_posting(document.letter, NOON + timedelta(hours=1))
    stored = await service.documents.get(document.id)
    assert (stored.last.posted_at, stored.version) == (NOON, 2)


async def test_a_failure_is_noted_once_with_its_reason(service, document):
    await service.note_letter_failure(document.letter, "no_usable_address", NOON)
    await service.note_letter_failure(document.letter, "content_altered", NOON + timedelta(hours=1))
    stored = await service.documents.get(document.id)
    assert (stored.last.failed_at, stored.last.failure, stored.version) == (NOON, "no_usable_address", 2)


async def test_a_letter_nobody_asked_for_is_a_dead_letter(service):
    with pytest.raises(NeverWorks):
        await service.note_posting(uuid4(), NOON)
    with pytest.raises(NeverWorks):
        await service.note_letter_failure(uuid4(), "no_usable_address", NOON)
    with pytest.raises(NeverWorks):
        await service.note_call_off(uuid4(), "document_withdrawn", NOON)


async def test_a_withdrawn_document_is_given_to_no_printer_and_becomes_no_letter_any_more(service, document):
    instead = await service.delivered(document.insured)
    await service.withdraw(document.id, instead.id)
    for ask in (service.get_letter, service.open_letter, service.typeset_address_sheet):
        with pytest.raises(NotToBePosted) as gone:
            await ask(document.letter)
        assert gone.value.why is NoMore.DOCUMENT_WITHDRAWN
        assert await ask(instead.letter) is not None
    await service.note_return(document.letter, "moved", NOON)
    await service.moves(document.insured, to="3, Um Weier")
    await service.deliver_stuck()
    assert (await service.documents.get(document.id)).letters == document.letters


async def test_a_letter_that_was_called_off_says_why_once_and_is_not_overdue(service, document):
    await service.withdraw(document.id, None)
    await service.note_call_off(document.letter, "document_withdrawn", NOON + timedelta(hours=1))
    await service.note_call_off(document.letter, "recipient_erased", NOON + timedelta(hours=2))
    stored = await service.documents.get(document.id)
    (step,) = [step for step in evidence_of(stored) if step.kind is StepKind.LETTER_CALLED_OFF]
    assert (step.reason, step.at, step.letter) == ("document_withdrawn", NOON + timedelta(hours=1), document.letter)
    service.clock += timedelta(days=6)
    await WatchLetters(service.documents, service.now)()
    assert OVERDUE_LETTERS._value.get() == 0


async def test_the_printer_gets_the_file_and_the_recipient_has_opened_nothing(service, document):
    opened = await service.open_letter(document.letter)
    assert b"".join([piece async for piece in opened.pieces]) == service.archive.files[document.pdf.blob]
    stored = await service.documents.get(document.id)
    assert (stored.first_opened_at, stored.downloaded_at) == (None, None)
    assert await service.open_letter(uuid4()) is None


async def test_a_letter_goes_to_the_address_on_file_now(service, document):
    moved = service.recipients[document.insured]
    letter = await service.get_letter(document.letter)
    assert (letter.document, letter.recipient) == (document, moved)
    assert await service.get_letter(uuid4()) is None


async def test_the_address_sheet_shows_the_address_on_file_now(service, document):
    moved = replace(service.recipients[document.insured], revision=5, address=PostalAddress(lines=("Um Weier",), country="LU"))
    await service.recipients.keep(moved)
    sheet = await service.typeset_address_sheet(document.letter)
    assert (await service.documents.get(document.id)).last.address_revision == 5
    assert b"Um Weier" in sheet
    assert str(document.letter).encode() in sheet


async def test_there_is_no_address_sheet_without_a_letter_or_an_address(service):
    document = await service.delivered(service.knows(address=False))
    assert await service.typeset_address_sheet(document.letter) is None
    assert await service.typeset_address_sheet(uuid4()) is None


async def test_only_letters_of_which_nothing_was_heard_for_five_days_are_overdue(service):
    posted, failed, _silent = [await service.delivered(service.knows()) for _ in range(3)]
    await service.note_posting(posted.letter, NOON)
    await service.note_letter_failure(failed.letter, "no_usable_address", NOON)
    watch = WatchLetters(service.documents, service.now)
    assert await watch() == 0
    assert OVERDUE_LETTERS._value.get() == 0
    service.clock += timedelta(days=5)
    assert await watch() == 0
    assert OVERDUE_LETTERS._value.get() == 1
