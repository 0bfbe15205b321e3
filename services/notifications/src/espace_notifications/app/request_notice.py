from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from espace_notifications.app.ports import Notices
from espace_notifications.domain.notice import Notice


class RequestNotice:
    """Store a notice that is to be sent, once, and wake who sends it."""

    def __init__(self, notices: Notices, wake: Callable[[UUID], None]) -> None:
        self._notices, self._wake = notices, wake

    async def __call__(self, notice: Notice) -> None:
        """A repeat of the event that causes it changes nothing."""
        if await self._notices.add(notice):
            self._wake(notice.id)
