from __future__ import annotations

import asyncio
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from espace_notifications.app.ports import AddressGone, CarrierAway, Clock, MessageRefused
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.mailing import Mailing
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.refusal import nobody_reads_there
from espace_notifications.wording.emails import Wording

_TRY_SECONDS = 10.0
"""How long one message may take; less than the lease of an e-mail."""
_PERMANENT = 500
_NO_ROOM = 552
"""Of a recipient: their mailbox is full, or there are too many of them. Both pass (RFC 5321, 4.5.3.1.10)."""


class SmtpMail:
    """Sends e-mails through one SMTP server, a connection each. TLS is used whenever the server offers it.

    Every call returns when the server took the message. Raises AddressGone when nobody reads at this address, MessageRefused when the
    server never will take the message, else CarrierAway.

    The envelope's sender of a notice holds its id, `noreply+<id>@...`, so that what comes back later says what it is about. The From that a
    person sees does not, and a code has none: it is of no use soon, and the person sees that it does not come.
    """

    def __init__(self, host: str, port: int, sender: str, wording: Wording, clock: Clock) -> None:
        self._host, self._port, self._sender, self._wording, self._clock = host, port, sender, wording, clock
        self._local, _, self._domain = sender.rpartition("@")

    async def notice(self, notice: Notice, address: str) -> None:
        """Tell that something waits."""
        subject, text = self._wording.subject(notice.kind, notice.locale), self._wording.text(notice.kind, notice.locale)
        comes_back_to = f"{self._local}+{notice.id.hex}@{self._domain}"
        await self._send(self._message(notice, subject, text), address, comes_back_to)

    async def contact_code(self, mailing: ContactCode, address: str, code: str) -> None:
        """Tell the code that proves the address."""
        subject, text = self._wording.code_subject(mailing.locale), self._wording.code_text(code, mailing.expires_at, mailing.locale)
        await self._send(self._message(mailing, subject, text), address, self._sender)

    async def _send(self, message: EmailMessage, address: str, comes_back_to: str) -> None:
        message["To"] = address
        server = aiosmtplib.SMTP(hostname=self._host, port=self._port, local_hostname=self._domain, timeout=_TRY_SECONDS)
        try:
            async with asyncio.timeout(_TRY_SECONDS), server:
                await server.send_message(message, sender=comes_back_to, recipients=[address])
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _of_the_recipient(refused.recipients[0].code, refused.recipients[0].message) from None
        except aiosmtplib.SMTPDataError as refused:
            raise _of_the_message(refused.code) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise CarrierAway(f"The mail server cannot be reached or broke off ({type(error).__name__}).") from None

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


def _of_the_recipient(code: int, text: str) -> CarrierAway | MessageRefused:
    if code >= _PERMANENT and nobody_reads_there(code, text):
        return AddressGone(f"Nobody reads at this address, says the mail server (SMTP {code}). Have the person confirm another one.")
    return _of_the_message(code) if code != _NO_ROOM else _later(code)


def _of_the_message(code: int) -> CarrierAway | MessageRefused:
    if code >= _PERMANENT:
        return MessageRefused(f"The mail server refuses this message for good (SMTP {code}). Ask its operator why.")
    return _later(code)


def _later(code: int) -> CarrierAway:
    return CarrierAway(f"The mail server asks to try again later (SMTP {code}).")
