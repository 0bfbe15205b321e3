from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.topics import DOCUMENTS
from espace_contracts.vocabulary import ClaimCheck, DocumentId, DocumentType, Locale


class DocumentAvailable(Event, type="lu.cns.espace.document.available.v1", topic=DOCUMENTS, subject="document"):
    """The document lies in the person's eSpace. Written once per document delivered by eDelivery."""

    document: DocumentId
    document_type: DocumentType
    locale: Locale
    pdf: ClaimCheck
