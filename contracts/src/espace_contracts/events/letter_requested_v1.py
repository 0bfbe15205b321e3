from __future__ import annotations

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import DOCUMENTS
from espace_contracts.vocabulary import ClaimCheck, DocumentId, DocumentType, LetterId, Locale


class LetterRequested(Event, type="lu.cns.espace.letter.requested.v1", topic=DOCUMENTS, subject="letter"):
    """The document is to be posted. The address is fetched with the PDF and does not travel. Written once per letter."""

    letter: LetterId
    document: DocumentId
    document_type: DocumentType
    locale: Locale
    pages: int = Field(ge=1)
    pdf: ClaimCheck
