from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from espace_contracts.vocabulary import LetterId
from espace_documents.app.asked_for import document_that_asked_for
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document
from espace_kernel.logs import logger

log = logger()


class NoteReturn:
    """A letter came back from the post. What can be done about it is done in the same update; the rest is an operator's task."""

    def __init__(self, documents: Documents, again: Callable[[Document], Awaitable[bool]]) -> None:
        self._documents, self._again = documents, again

    async def __call__(self, letter: LetterId, reason: str, at: datetime) -> None:
        """Keep the fact once. `reason` is a code. Raises NeverWorks for a letter that no document asked for, VersionConflict."""
        document = await document_that_asked_for(letter, self._documents)
        if not document.note_return(letter, reason, at):
            return
        stays_away = document.stuck_since is not None and not await self._again(document)
        await self._documents.save(document)
        if stays_away:
            log.error("a letter came back, and nothing brings it but an operator", document=str(document.id), reason=reason)
