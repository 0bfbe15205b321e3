from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, NoticeMeans


class NoticeBounced(Event, type="lu.cns.espace.notice.bounced.v1", topic=DELIVERIES, subject="notice"):
    """A notice came back for good: nobody reads what is sent to this contact. Written once per notice."""

    notice: UUID
    means: NoticeMeans
    contact_revision: int = Field(ge=1, description="which confirmed contact it went to; a later one makes this void")
    bounced_at: AwareDatetime
    document: DocumentId | None = Field(None, description="which it told of; None when it was about something else")
    reminder: int = Field(0, ge=0, description="of one about a document: 0: the first notice; n: the nth reminder that it is unread")
