from __future__ import annotations

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import DOCUMENTS
from espace_contracts.vocabulary import DocumentId, DocumentType, Locale


class DocumentUnread(Event, type="lu.cns.espace.document.unread.v1", topic=DOCUMENTS, subject="document"):
    """The document has lain unopened in the eSpace for as long as its class allows: the person is to be reminded.

    Written once per document and reminder.
    """

    document: DocumentId
    document_type: DocumentType
    locale: Locale
    reminder: int = Field(ge=1, description="the how manieth reminder of this document")
