from __future__ import annotations

from dataclasses import dataclass

from espace_gateway.app.end_sessions import EndSessions
from espace_gateway.app.live_status import LiveStatus


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """What an event can cause at the door."""

    live: LiveStatus
    end_sessions: EndSessions
