from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_notifications.app.ports import Notices
from espace_notifications.domain.notice import Notice


class RequestNotice:
    """Store a notice that is to be sent, once, and beside it the text message for a person who confirmed a mobile number.

    Whether there is one is decided when the notice is stored, so that a repeat of its event, however late, makes no further message.
    """

    def __init__(self, notices: Notices, has_mobile: Callable[[InsuredId], Awaitable[bool]], wake: Callable[[UUID], None]) -> None:
        self._notices, self._has_mobile, self._wake = notices, has_mobile, wake

    async def __call__(self, notice: Notice) -> None:
        """A repeat of the event that causes it completes what an interrupted one began, and changes nothing else."""
        notice.also_by_sms = await self._has_mobile(notice.insured)
        stored = notice if await self._add(notice) else await self._notices.get(notice.id)
        if stored is not None and stored.also_by_sms:
            await self._add(notice.by_sms())

    async def _add(self, notice: Notice) -> bool:
        added = await self._notices.add(notice)
        if added:
            self._wake(notice.id)
        return added
