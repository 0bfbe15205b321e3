from __future__ import annotations

from collections.abc import Mapping

from espace_contracts.vocabulary import NoticeMeans
from espace_notifications.app.ports import AddressGone, Carrier, Clock, Contacts
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.notice import Notice


class HandOverNotice:
    """Give a notice to whoever carries it, for the contact that its person confirmed."""

    def __init__(self, contacts: Contacts, carriers: Mapping[NoticeMeans, Carrier], clock: Clock) -> None:
        self._contacts, self._carriers, self._clock = contacts, carriers, clock

    async def __call__(self, notice: Notice) -> None:
        """Raises CarrierAway, MessageRefused."""
        match await self._contacts.contact_for(notice):
            case Contact(address=str() as address, bounced_by=None) as contact:
                await self._hand_over(notice, contact, address)
            case Contact(revision=revision, bounced_by=found_by) if found_by == notice.id:  # a try found it so and died before it was saved
                notice.contact_revision = revision
                notice.bounce(self._clock())
            case Contact(address=str()):
                notice.is_unreachable()
            case _:
                notice.lacks_contact()

    async def _hand_over(self, notice: Notice, contact: Contact, address: str) -> None:
        notice.contact_revision = contact.revision
        try:
            await self._carriers[notice.means].notice(notice, address)
        except AddressGone:
            await self._contacts.bounced(notice)
            notice.bounce(self._clock())
