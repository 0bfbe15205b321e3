from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_gateway.app.live_status import LiveStatus
from espace_gateway.app.person_tokens import PersonTokens


class EndSessions:
    """Sessions ended before their time: nothing here stands for them any longer."""

    def __init__(self, tokens: PersonTokens, live: LiveStatus) -> None:
        self._tokens, self._live = tokens, live

    def __call__(self, insured: InsuredId, sessions: Collection[UUID]) -> None:
        """Drop their tokens and end their streams."""
        self._tokens.forget_all(sessions)
        self._live.end(insured, sessions)
