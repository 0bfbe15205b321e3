from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from espace_notifications.app.ports import Clock, Contacts, Notices
from espace_notifications.domain.contact import Contact


class KeepContact:
    """The person confirmed where they read notices: those that waited for it are sent, unless they are old news."""

    def __init__(self, contacts: Contacts, notices: Notices, wake: Callable[[UUID], None], clock: Clock) -> None:
        self._contacts, self._notices, self._wake, self._clock = contacts, notices, wake, clock

    async def __call__(self, contact: Contact) -> None:
        """Safe to repeat. Raises VersionConflict while one of the notices is being tried."""
        await self._contacts.keep(contact)
        if contact.address is None:
            return
        for notice_id in await self._contacts.waiting_for(contact.insured, contact.means):
            notice = await self._notices.get(notice_id)
            if notice is not None and notice.has_contact(self._clock()):
                await self._notices.save(notice)
            await self._contacts.no_longer_waits(contact.insured, contact.means, notice_id)
            self._wake(notice_id)
