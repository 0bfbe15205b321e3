from __future__ import annotations

from collections.abc import Mapping

from espace_contracts.vocabulary import NoticeMeans
from espace_notifications.app.ports import AddressGone, Carrier, Clock, Codes
from espace_notifications.domain.contact_code import ContactCode


class HandOverContactCode:
    """Give a code to whoever carries it. It is asked of identity just before, and kept nowhere."""

    def __init__(self, codes: Codes, carriers: Mapping[NoticeMeans, Carrier], clock: Clock) -> None:
        self._codes, self._carriers, self._clock = codes, carriers, clock

    async def __call__(self, mailing: ContactCode) -> None:
        """Raises CarrierAway, MessageRefused, SourceAway."""
        code = None if mailing.expired(self._clock()) else await self._codes.code_of(mailing.challenge)
        if code is None or mailing.address is None:
            mailing.expire()
            return
        try:
            await self._carriers[mailing.means].contact_code(mailing, mailing.address, code)
        except AddressGone as gone:
            mailing.fail(str(gone))
