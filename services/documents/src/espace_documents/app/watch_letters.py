from __future__ import annotations

from datetime import timedelta

from prometheus_client import Gauge

from espace_documents.app.ports import Clock, Documents
from espace_kernel.logs import logger

log = logger()

OVERDUE_AFTER = timedelta(days=5)
"""Longer than from the last cut-off of a working week, over its weekend and a public holiday, to the next."""
OVERDUE_LETTERS = Gauge("espace_overdue_letters", "Letters requested more than five days ago and neither posted nor failed")


class WatchLetters:
    """Tells operators of letters that were requested long ago and of which nothing was heard.

    It repairs nothing, since nothing here is broken: the request lies in its topic for ever, and whether it was taken up is known to
    notifications alone. Its lag, its dead letters and its print runs say where the letter stays.
    """

    def __init__(self, documents: Documents, now: Clock) -> None:
        self._documents, self._now = documents, now

    async def __call__(self) -> int:
        """Always 0: how many were repaired."""
        count, oldest = await self._documents.letters_waiting_since(self._now() - OVERDUE_AFTER)
        OVERDUE_LETTERS.set(count)
        if oldest is not None:
            log.error("letters are overdue; the oldest is named", count=count, letter=str(oldest.letter))
        return 0
