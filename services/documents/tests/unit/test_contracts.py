from __future__ import annotations

from espace_contracts.events import DocumentAvailable, EdeliveryChanged, LetterRequested
from espace_contracts.vocabulary import Locale
from espace_documents.events.outgoing import contract_of


async def told(kept):
    return [contract_of(event) for event in kept.told]


async def test_an_available_document_is_told_with_a_claim_check_and_no_word_of_its_content(service):
    person = service.knows()
    await service.switch(person, active=True)
    document = await service.delivered(person)
    (available,) = await told(service.documents)
    assert isinstance(available, DocumentAvailable)
    assert (available.insured, available.subject, available.document_type, available.locale) == (
        person,
        document.id,
        document.type,
        Locale.GERMAN,
    )
    assert (available.pdf.sha256, available.pdf.size) == (document.pdf.sha256, document.pdf.size)
    assert "Hoffmann" not in available.model_dump_json()


async def test_a_letter_is_told_without_the_address(service):
    document = await service.delivered(service.knows())
    (letter,) = await told(service.documents)
    assert isinstance(letter, LetterRequested)
    assert (letter.subject, letter.document, letter.pages) == (document.letter, document.id, 2)
    assert "Oberkorn" not in letter.model_dump_json()


async def test_a_switch_is_told_with_its_revision(service):
    person = service.knows()
    preference = await service.switch(person, active=True)
    (changed,) = await told(service.preferences)
    assert isinstance(changed, EdeliveryChanged)
    assert (changed.subject, changed.revision, changed.active, changed.changed_at) == (person, 1, True, preference.since)
