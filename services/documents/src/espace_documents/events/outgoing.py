from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import DocumentAvailable, DocumentUnread, EdeliveryChanged, LetterRequested
from espace_contracts.vocabulary import ClaimCheck, DocumentId, InsuredId
from espace_documents.domain.document import Document, LeftUnread, LetterOrdered, MadeAvailable
from espace_documents.domain.preference import EdeliverySwitched

PDF = "application/pdf"


def contract_of(event: MadeAvailable | LetterOrdered | LeftUnread | EdeliverySwitched) -> Event:
    """The contract that tells a domain event."""
    match event:
        case MadeAvailable(document):
            return _available(document)
        case LetterOrdered(document):
            return _letter(document)
        case LeftUnread(document, reminder):
            return _unread(document, reminder)
        case EdeliverySwitched():
            return EdeliveryChanged(
                insured=InsuredId(event.insured),
                revision=event.revision,
                active=event.active,
                changed_at=event.at,
                locale=event.locale,
            )


def _claim_check(document: Document) -> ClaimCheck:
    return ClaimCheck(sha256=document.pdf.sha256, size=document.pdf.size, media_type=PDF)


def _available(document: Document) -> DocumentAvailable:
    return DocumentAvailable(
        insured=document.insured,
        document=DocumentId(document.id),
        document_type=document.type,
        locale=document.locale,
        pdf=_claim_check(document),
    )


def _unread(document: Document, reminder: int) -> DocumentUnread:
    return DocumentUnread(
        insured=document.insured,
        document=DocumentId(document.id),
        document_type=document.type,
        locale=document.locale,
        reminder=reminder,
    )


def _letter(document: Document) -> LetterRequested:
    assert document.letter is not None
    return LetterRequested(
        insured=document.insured,
        letter=document.letter,
        document=DocumentId(document.id),
        document_type=document.type,
        locale=document.locale,
        pages=document.pdf.pages,
        pdf=_claim_check(document),
    )
