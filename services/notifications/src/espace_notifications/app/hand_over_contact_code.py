from __future__ import annotations

from espace_notifications.app.ports import Clock, Codes, Mail
from espace_notifications.domain.contact_code import ContactCode


class HandOverContactCode:
    """Give a code to the mail server. It is asked of identity just before, and kept nowhere."""

    def __init__(self, codes: Codes, mail: Mail, clock: Clock) -> None:
        self._codes, self._mail, self._clock = codes, mail, clock

    async def __call__(self, mailing: ContactCode) -> None:
        """Raises MailAway, MailRefused, SourceAway."""
        code = None if mailing.expired(self._clock()) else await self._codes.code_of(mailing.challenge)
        if code is None or mailing.email is None:
            mailing.expire()
        else:
            await self._mail.contact_code(mailing, mailing.email, code)
