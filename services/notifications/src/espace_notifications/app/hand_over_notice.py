from __future__ import annotations

from espace_notifications.app.ports import Contacts, Mail
from espace_notifications.domain.notice import Notice


class HandOverNotice:
    """Give a notice to the mail server, for the address that its person confirmed."""

    def __init__(self, contacts: Contacts, mail: Mail) -> None:
        self._contacts, self._mail = contacts, mail

    async def __call__(self, notice: Notice) -> None:
        """Raises MailAway, MailRefused."""
        address = await self._contacts.address_for(notice)
        if address is None:
            notice.lacks_contact()
        else:
            await self._mail.notice(notice, address)
