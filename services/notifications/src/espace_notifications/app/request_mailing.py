from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from espace_notifications.app.ports import Repository
from espace_notifications.domain.mailing import Mailing

M = TypeVar("M", bound=Mailing)


class RequestMailing(Generic[M]):
    """Store a message that is to be sent, once, and wake who sends it."""

    def __init__(self, mailings: Repository[M], wake: Callable[[UUID], None]) -> None:
        self._mailings, self._wake = mailings, wake

    async def __call__(self, mailing: M) -> None:
        """A repeat of the event that causes it changes nothing."""
        if await self._mailings.add(mailing):
            self._wake(mailing.id)
