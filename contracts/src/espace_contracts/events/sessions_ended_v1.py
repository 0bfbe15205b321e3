from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import ACCOUNTS


class SessionsEnded(Event, type="lu.cns.espace.account.sessions_ended.v1", topic=ACCOUNTS, subject="insured"):
    """These sessions were closed before their time: whoever still holds a token of theirs drops it."""

    sessions: tuple[UUID, ...] = Field(min_length=1)
    ended_at: AwareDatetime
