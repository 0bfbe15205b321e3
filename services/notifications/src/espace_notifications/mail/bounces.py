"""What mail systems send back to the sender of notices, in the Maildir folder that the mail server fills."""

from __future__ import annotations

import asyncio
import mailbox
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from heapq import nsmallest
from pathlib import Path
from uuid import UUID

from espace_notifications.app.ports import BouncedMail, Verdict
from espace_notifications.domain.refusal import nobody_reads_there

_AT_ONCE = 200
_LARGEST = 1024 * 1024
"""Bytes; a notification with the whole notice in it has some ten thousand."""
_ASIDE = "set-aside"
_ASIDE_FOR = timedelta(days=30)
"""Long enough for an operator who was away; the addresses in it are personal data, and kept no longer."""
_ASIDE_AT_MOST = 1000
"""With _LARGEST of each at most a gibibyte of disk, whoever sends what."""
_TO_A_NOTICE = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
_REPLY = re.compile(r"^\s*smtp\s*;\s*(\d{3})\b", re.IGNORECASE)
_PASSED_ON = frozenset({"delayed", "delivered", "relayed", "expanded"})


class BouncesInMaildir:
    """Delivery status notifications (RFC 3464) in a Maildir: the mail server writes whole files into `new`, and nobody needs a lock.

    Several replicas may read the same folder; a file that another one took meanwhile is no error.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def prepare(self) -> None:
        """Make the folders."""
        await asyncio.to_thread(self._open)

    async def waiting(self, behind: str | None) -> Sequence[BouncedMail]:
        """What lies there, by its keys, at most some hundred behind this one; None: the first of it."""
        return await asyncio.to_thread(lambda: list(self._read(behind)))

    async def remove(self, mail: BouncedMail) -> None:
        """It is done with."""
        await asyncio.to_thread(lambda: self._open().discard(mail.key))

    async def set_aside(self, mail: BouncedMail) -> None:
        """Keep it for an operator in the Maildir's folder `set-aside`; of what is too large to be a notification, its beginning."""
        await asyncio.to_thread(self._move_aside, mail.key)

    async def clear_aside(self, now: datetime) -> int:
        """Remove what has lain there for thirty days, and what is older than the latest thousand; how many there were."""
        return await asyncio.to_thread(self._clear_aside, (now - _ASIDE_FOR).timestamp())

    def _open(self) -> mailbox.Maildir:
        maildir = mailbox.Maildir(self._folder)
        maildir.add_folder(_ASIDE)
        return maildir

    def _read(self, behind: str | None) -> Iterator[BouncedMail]:
        maildir = self._open()
        for key in nsmallest(_AT_ONCE, (key for key in maildir.iterkeys() if behind is None or key > behind)):
            try:
                with maildir.get_file(key) as file:
                    content = file.read(_LARGEST + 1)
            except (KeyError, FileNotFoundError):
                continue
            yield BouncedMail(key, *told_by(content))

    def _move_aside(self, key: str) -> None:
        maildir = self._open()
        try:
            with maildir.get_file(key) as file:
                maildir.get_folder(_ASIDE).add(file.read(_LARGEST))
        except (KeyError, FileNotFoundError):
            return
        maildir.discard(key)

    def _clear_aside(self, before: float) -> int:
        latest_first = sorted(self._lying_aside(), reverse=True)
        return sum(_removed(file) for place, (since, file) in enumerate(latest_first) if place >= _ASIDE_AT_MOST or since <= before)

    def _lying_aside(self) -> Iterator[tuple[float, Path]]:
        folder = self._folder / f".{_ASIDE}"
        for file in (*folder.glob("new/*"), *folder.glob("cur/*")):
            try:
                yield file.stat().st_mtime, file
            except FileNotFoundError:  # another replica has removed it, or an operator
                continue


def _removed(file: Path) -> bool:
    """False when another replica was faster, or an operator moved it."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def told_by(content: bytes) -> tuple[Verdict, UUID | None]:
    """What a message that came back says, and of which notice."""
    if len(content) > _LARGEST:
        return Verdict.UNREADABLE, None
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        recipients = list(_recipients(message))
        found = _TO_A_NOTICE.search(str(BytesHeaderParser(policy=policy.compat32).parsebytes(content)["To"]))
    except (ValueError, LookupError, UnicodeError):
        return Verdict.UNREADABLE, None
    if found is None or not recipients:
        return Verdict.UNREADABLE, None
    return _verdict(recipients), UUID(found[1])


def _recipients(message: Message) -> Iterator[Message]:
    """The groups of fields about a recipient, of a multipart/report on delivery (RFC 3464, 2.3)."""
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        return
    for part in message.get_payload():
        if isinstance(part, Message) and part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (fields for fields in part.get_payload() if isinstance(fields, Message) and "Action" in fields)


def _verdict(recipients: Sequence[Message]) -> Verdict:
    """A notice has one recipient; where it was passed on to several, one who got it is enough."""
    actions = [str(fields["Action"]).strip().lower() for fields in recipients]
    if any(action in _PASSED_ON for action in actions):
        return Verdict.MAY_PASS
    if any(action != "failed" for action in actions):
        return Verdict.UNREADABLE
    gone = all(nobody_reads_there(_reply(fields), str(fields["Status"])) for fields in recipients)
    return Verdict.NOBODY_THERE if gone else Verdict.MAY_PASS


def _reply(fields: Message) -> int | None:
    found = _REPLY.match(str(fields["Diagnostic-Code"]))
    return int(found[1]) if found else None
