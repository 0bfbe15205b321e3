from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import Preferences, Recipients
from espace_documents.domain.contact import Contact, Notices
from espace_kernel.logs import logger

log = logger()


class NoteContact:
    """What became of a person's contact address, on which the channel of their next documents depends."""

    def __init__(self, preferences: Preferences, recipients: Recipients, deliver_stuck: Callable[[InsuredId], Awaitable[None]]) -> None:
        self._preferences, self._recipients, self._deliver_stuck = preferences, recipients, deliver_stuck

    async def __call__(self, insured: InsuredId, told: Callable[[Contact], Contact]) -> None:
        """Keep what is told; whoever is reachable again gets what is stuck. Raises VersionConflict."""
        if await self._recipients.erased(insured):
            return
        preference = await self._preferences.of(insured)
        before = preference.contact.notices
        if not preference.hear(told(preference.contact)):
            return
        await self._preferences.save(preference)
        if preference.contact.notices is Notices.BOUNCED:
            log.info("notices come back; the next documents go by post")
        elif before is Notices.BOUNCED:
            await self._deliver_stuck(insured)
