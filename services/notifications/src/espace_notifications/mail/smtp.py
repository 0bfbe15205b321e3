from __future__ import annotations

import asyncio
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from espace_notifications.app.ports import Clock, MailAway, MailRefused
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.mailing import Mailing
from espace_notifications.domain.notice import Notice
from espace_notifications.mail.wording import Wording

_TRY_SECONDS = 10.0
"""How long one message may take; less than the lease of an e-mail."""
_PERMANENT = 500


class SmtpMail:
    """Sends e-mails through one SMTP server, a connection each. TLS is used whenever the server offers it.

    Every call returns when the server took the message. Raises MailRefused when it never will take it for this address, else MailAway.
    """

    def __init__(self, host: str, port: int, sender: str, wording: Wording, clock: Clock) -> None:
        self._host, self._port, self._sender, self._wording, self._clock = host, port, sender, wording, clock
        self._domain = sender.rpartition("@")[2]

    async def notice(self, notice: Notice, address: str) -> None:
        """Tell that something waits."""
        subject, text = self._wording.subject(notice.kind, notice.locale), self._wording.text(notice.kind, notice.locale)
        await self._send(self._message(notice, subject, text), address)

    async def contact_code(self, mailing: ContactCode, address: str, code: str) -> None:
        """Tell the code that proves the address."""
        subject, text = self._wording.code_subject(mailing.locale), self._wording.code_text(code, mailing.expires_at, mailing.locale)
        await self._send(self._message(mailing, subject, text), address)

    async def _send(self, message: EmailMessage, address: str) -> None:
        message["To"] = address
        server = aiosmtplib.SMTP(hostname=self._host, port=self._port, local_hostname=self._domain, timeout=_TRY_SECONDS)
        try:
            async with asyncio.timeout(_TRY_SECONDS), server:
                await server.send_message(message, sender=self._sender, recipients=[address])
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _failure(refused.recipients[0].code) from None
        except aiosmtplib.SMTPDataError as refused:
            raise _failure(refused.code) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailAway(f"The mail server cannot be reached or broke off ({type(error).__name__}).") from None

    def _message(self, mailing: Mailing, subject: str, text: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["Subject"] = subject
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = f"<{mailing.id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message["Content-Language"] = mailing.locale  # after set_content, which removes what is said of an earlier content
        return message


def _failure(code: int) -> MailAway | MailRefused:
    if code >= _PERMANENT:
        return MailRefused(f"The mail server refuses this message for good (SMTP {code}). Have the person confirm another address.")
    return MailAway(f"The mail server asks to try again later (SMTP {code}).")
