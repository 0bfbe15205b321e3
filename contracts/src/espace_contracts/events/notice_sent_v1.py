from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, NoticeMeans


class NoticeSent(Event, type="lu.cns.espace.notice.sent.v1", topic=DELIVERIES, subject="notice"):
    """A notice that a document waits in the eSpace left for the person. Written once per notice."""

    notice: UUID
    document: DocumentId
    means: NoticeMeans
    reminder: int = Field(ge=0, description="0: the first notice of the document; n: the nth reminder that it is unread")
    sent_at: AwareDatetime
