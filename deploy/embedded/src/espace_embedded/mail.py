"""An SMTP server that keeps each message as a file and delivers nothing: `python -m espace_embedded.mail <port> <folder> <bounces>`.

Two kinds of addresses can be written to no longer, as if their owner had left since confirming them; a message whose sender names no notice
(a code) still arrives there:
- `bounce-now.<anything>@...`: the recipient is refused for good (550 5.1.1);
- `bounce-later.<anything>@...`: the message is kept, and a delivery status notification (RFC 3464, failed, 5.1.1) is put into the Maildir
  folder <bounces>, addressed to the sender.
"""

import asyncio
import mailbox
import signal
import sys
import time
import uuid
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_NOW, _LATER = "bounce-now.", "bounce-later."


class Folder:
    """Writes each accepted message as one .eml, complete when it appears."""

    def __init__(self, path: Path, bounces: Path) -> None:
        self._path, self._bounces = path, mailbox.Maildir(bounces)
        path.mkdir(parents=True, exist_ok=True)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd gives it
        session: Session,  # noqa: ARG002 - aiosmtpd gives it
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Takes every recipient but those that refuse at once; the answer is SMTP's."""
        if _names_a_notice(envelope) and address.startswith(_NOW):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd calls it so
        """Keeps the message; the answer is SMTP's."""
        name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}"
        unfinished = self._path / f".{name}"
        unfinished.write_bytes(envelope.original_content or b"")
        unfinished.rename(self._path / f"{name}.eml")
        for address in envelope.rcpt_tos:
            if _names_a_notice(envelope) and address.startswith(_LATER):
                self._bounces.add(failed_for_good(envelope.mail_from or "", address))
        return "250 Kept"


def _names_a_notice(envelope: Envelope) -> bool:
    return "+" in (envelope.mail_from or "")


def failed_for_good(sender: str, address: str) -> Message:
    """The notification (RFC 3464) that nobody reads at this address, to the sender of what was sent there."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@sink.test", sender, "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText("The mailbox does not exist. Nothing more will be tried.\n", "plain", "us-ascii"))
    status, of_message, of_recipient = Message(), Message(), Message()
    of_message["Reporting-MTA"] = "dns; sink.test"
    of_recipient["Final-Recipient"], of_recipient["Action"], of_recipient["Status"] = f"rfc822; {address}", "failed", "5.1.1"
    of_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 No such mailbox"
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([of_message, of_recipient])
    report.attach(status)
    return report


async def serve(port: int, folder: Path, bounces: Path) -> None:
    """Runs until SIGTERM."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    handler = Folder(folder, bounces)
    async with await loop.create_server(lambda: SMTP(handler), "127.0.0.1", port):
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
