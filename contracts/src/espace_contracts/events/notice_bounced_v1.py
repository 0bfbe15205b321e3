from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import NoticeMeans


class NoticeBounced(Event, type="lu.cns.espace.notice.bounced.v1", topic=DELIVERIES, subject="notice"):
    """A notice came back for good: nobody reads what is sent to this contact. Written once per notice."""

    notice: UUID
    means: NoticeMeans
    contact_revision: int = Field(ge=1, description="which confirmed contact it went to; a later one makes this void")
    bounced_at: AwareDatetime
