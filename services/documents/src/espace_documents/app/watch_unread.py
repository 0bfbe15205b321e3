from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_documents.app.ports import Clock, Documents, Recipients
from espace_documents.domain.document import Document
from espace_documents.domain.ladder import Ladders, class_of
from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict

log = logger()

BATCH = 200
"""How many documents are taken up at once."""


class WatchUnread:
    """Takes the step that is due of each document that lies unread: a reminder, or paper; none while its recipient counts as deceased.

    Each step is one update of the document in the version that was found unread. So it happens once, however many replicas look; and
    when the person opens the document at that very moment, whoever is first has it: an opened document gets no paper.
    """

    def __init__(
        self, documents: Documents, recipients: Recipients, again: Callable[[Document], Awaitable[bool]], ladders: Ladders, now: Clock
    ) -> None:
        self._documents, self._recipients, self._again = documents, recipients, again
        self._ladders, self._now = ladders, now

    async def __call__(self) -> int:
        """All that is due. Answers 0: that documents lie unread is no defect to be repaired."""
        while due := await self._documents.unread_due(self._now(), limit=BATCH):
            if not any([await self._steps(document) for document in due]):
                break  # somebody else has them all in hand
        return 0

    async def _steps(self, document: Document) -> bool:
        recipient = await self._recipients.get(document.insured)
        if recipient is None or recipient.deceased:
            document.wait_on_ladder(self._now())
        else:
            document.climb(self._ladders[class_of(document.type)], self._now())
        if document.stuck_since is not None and not await self._again(document):
            log.error("an unread document cannot be brought by a letter", document=str(document.id))
        try:
            await self._documents.save(document)
        except VersionConflict:
            return False
        return True
