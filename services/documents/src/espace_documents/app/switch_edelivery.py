from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import Clock, Preferences, Recipients
from espace_documents.domain.preference import Preference
from espace_kernel.outcomes import VersionConflict


class NotOnFile(Exception):
    """The fund's file on this person has not arrived here yet."""


class SwitchEdelivery:
    """The person chooses between eDelivery and post, from the next decision on a channel. What the post brought back is decided anew."""

    def __init__(
        self, preferences: Preferences, recipients: Recipients, deliver_stuck: Callable[[InsuredId], Awaitable[None]], now: Clock
    ) -> None:
        self._preferences, self._recipients, self._deliver_stuck, self._now = preferences, recipients, deliver_stuck, now

    async def __call__(self, insured: InsuredId, *, active: bool) -> Preference:
        """The choice that holds now. Choosing what holds already changes nothing. Raises NotOnFile.

        The request says the state it wants, not a change of one, so when two cross the later one is decided anew and wins.
        """
        try:
            return await self._switched(insured, active)
        except VersionConflict:
            return await self._switched(insured, active)

    async def _switched(self, insured: InsuredId, active: bool) -> Preference:
        person = await self._recipients.get(insured)
        if person is None:
            raise NotOnFile
        preference = await self._preferences.of(insured)
        if preference.switch(active=active, at=self._now(), locale=person.locale):
            await self._preferences.save(preference)
            if preference.active:
                await self._deliver_stuck(insured)
        return preference
