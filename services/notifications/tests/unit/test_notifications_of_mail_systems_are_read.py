from __future__ import annotations

import asyncio
import mailbox
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from espace_kernel.clock import utc_now
from espace_notifications.app.hear_bounces import HearBounces
from espace_notifications.app.ports import Verdict
from espace_notifications.domain.mailing import MailingState
from espace_notifications.mail.bounces import BouncesInMaildir, told_by

from .desk import Desk

NOW = utc_now()
NOTICE = UUID("7aa1caa0-66de-4e96-8867-119277832f1d")
POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mail.example.lu (Mail Delivery System)
To: noreply+{notice}@espace.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.lu
X-Postfix-Queue-ID: 4F1B2C3D
Arrival-Date: Wed,  4 Mar 2026 12:00:02 +0000 (UTC)

Final-Recipient: rfc822; someone@example.test
Original-Recipient: rfc822;someone@example.test
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.test
Diagnostic-Code: {diagnostic}

--b1
Content-Type: message/rfc822-headers

Subject: A new document is in your eSpace

--b1--
"""


def notification(notice: str = NOTICE.hex, action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550 no") -> bytes:
    return POSTFIX.format(notice=notice, action=action, status=status, diagnostic=diagnostic).encode()


def test_a_failure_for_good_says_that_nobody_reads_there():
    assert told_by(notification()) == (Verdict.NOBODY_THERE, NOTICE)
    assert told_by(notification(NOTICE.hex.upper(), "Failed", "5.1.1 (bad destination)")) == (Verdict.NOBODY_THERE, NOTICE)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_late_or_arrived_says_nothing(action):
    assert told_by(notification(action=action)) == (Verdict.MAY_PASS, NOTICE)


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1", "4.2.2", "5.3.4", "5.0.1"])
def test_a_failure_that_is_not_the_address_says_nothing(status):
    assert told_by(notification(status=status)) == (Verdict.MAY_PASS, NOTICE)


@pytest.mark.parametrize(
    ("diagnostic", "verdict"),
    [("smtp; 550 no such user", Verdict.NOBODY_THERE), ("smtp; 554 no", Verdict.MAY_PASS), ("x", Verdict.MAY_PASS)],
)
def test_where_the_status_says_nothing_the_reply_that_was_got_decides(diagnostic, verdict):
    assert told_by(notification(status="5.0.0", diagnostic=diagnostic)) == (verdict, NOTICE)


def test_where_it_was_passed_on_to_several_one_who_got_it_is_enough():
    second = (
        b"\n\nFinal-Recipient: rfc822; other@example.test\nAction: delivered\nStatus: 2.0.0\n\n--b1\nContent-Type: message/rfc822-headers"
    )
    both = notification().replace(b"\n\n--b1\nContent-Type: message/rfc822-headers", second)
    assert told_by(both) == (Verdict.MAY_PASS, NOTICE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"To: noreply@espace.test\n\nI am on holiday.",
        b"To: noreply+" + NOTICE.hex.encode() + b"@espace.test\nSubject: Out of office\n\nI am on holiday.",
        notification(notice="1"),
        notification(notice="../../etc"),
        notification(action="eaten"),
        notification().replace(b"Action:", b"Xction:"),
        notification().replace(b"message/delivery-status", b"text/plain"),
        notification().replace(b"report-type=delivery-status; ", b""),
        notification().replace(b'boundary="b1"', b'boundary="b2"'),
        notification().replace(b"multipart/report", b"multipart/mixed"),
        notification(status="=?nonsense?Q?=FF?=", diagnostic="=?nonsense?Q?=FF?=").replace(b"us-ascii", b"nonsense"),
        notification() + b"x" * 1024 * 1024,
    ],
    ids=range(14),
)
def test_what_is_no_notification_about_a_notice_bounces_nothing(content):
    assert told_by(content)[0] in {Verdict.UNREADABLE, Verdict.MAY_PASS}


async def test_the_folder_that_the_mail_server_fills_is_read_emptied_and_sorted_out(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    await bounces.prepare()
    delivered = mailbox.Maildir(tmp_path / "bounces")
    delivered.add(notification())
    delivered.add(b"nonsense")
    (tmp_path / "bounces" / "tmp" / "half").write_bytes(notification()[:100])
    said = {mail.verdict: mail for mail in await bounces.waiting(None)}
    assert {verdict: mail.notice for verdict, mail in said.items()} == {Verdict.NOBODY_THERE: NOTICE, Verdict.UNREADABLE: None}
    for _ in range(2):  # the second time another replica has done it
        await bounces.remove(said[Verdict.NOBODY_THERE])
        await bounces.set_aside(said[Verdict.UNREADABLE])
    assert await bounces.waiting(None) == []
    (aside,) = delivered.get_folder("set-aside")
    assert b"nonsense" in bytes(aside)


async def test_a_flood_is_read_in_parts(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    delivered = mailbox.Maildir(tmp_path / "bounces")
    for _ in range(201):
        delivered.add(notification(uuid4().hex))
    first = await bounces.waiting(None)
    assert len(first) == 200
    (last,) = await bounces.waiting(first[-1].key)
    assert len({mail.key for mail in (*first, last)}) == 201
    assert await bounces.waiting(last.key) == []


async def test_what_comes_back_of_notices_that_still_wait_holds_up_nothing_behind_it(tmp_path):
    desk, folder = Desk(), tmp_path / "bounces"
    bounces = BouncesInMaildir(folder)
    await bounces.prepare()
    sent, waits = await desk.sent("sent"), await desk.requested("waits")
    for number in range(200):
        delivered(folder, notification(waits.id.hex), 0, f"earlier-{number}")
    delivered(folder, notification(sent.id.hex), 0, "later")
    hear = HearBounces(bounces, desk.notices, desk.contacts, desk.clock)
    await hear()
    await hear()
    assert desk.kept(sent).state is MailingState.BOUNCED
    await desk.send(waits.id)
    await hear()
    assert list((folder / "new").iterdir()) == [], "those that waited have had their turn again"


def delivered(folder: Path, content: bytes, days_ago: float, name: str) -> Path:
    """A file of a Maildir, as if it had come there so long ago."""
    file = folder / "new" / name
    file.write_bytes(content)
    at = (NOW - timedelta(days=days_ago)).timestamp()
    os.utime(file, (at, at))
    return file


async def test_what_was_set_aside_lies_there_for_thirty_days_and_what_was_not_read_for_good(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    aside = tmp_path / "bounces" / ".set-aside"
    unread = delivered(tmp_path / "bounces", notification(), 400, "unread")
    kept, seen = delivered(aside, b"spam", 29.9, "kept"), delivered(aside, b"spam", 29.9, "seen")
    seen = seen.rename(aside / "cur" / "seen:2,S")  # by a mail program
    for name in ("old", "older"):
        delivered(aside, b"spam", 30.1, name)
    delivered(aside, b"spam", 40, "old-and-seen").rename(aside / "cur" / "old-and-seen:2,S")
    assert [await bounces.clear_aside(NOW) for _ in range(2)] == [3, 0]
    assert {file for folder in ("new", "cur") for file in (tmp_path / "bounces").rglob(f"{folder}/*")} == {unread, kept, seen}
    assert [mail.notice for mail in await bounces.waiting(None)] == [NOTICE]


async def test_of_a_flood_that_was_set_aside_the_latest_thousand_are_kept(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    aside = tmp_path / "bounces" / ".set-aside"
    unread = [delivered(tmp_path / "bounces", notification(uuid4().hex), 20, f"unread-{number}") for number in range(5)]
    files = [delivered(aside, b"spam", 10 - number / 1000, f"{9999 - number}") for number in range(1003)]
    assert await bounces.clear_aside(NOW) == 3
    assert [file for file in files if not file.exists()] == files[:3], "the oldest, whatever their names"
    assert all(file.exists() for file in unread)


async def test_what_came_long_ago_and_is_set_aside_now_lies_there_from_now_on(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    delivered(tmp_path / "bounces", b"nonsense", 400, "late")
    (mail,) = await bounces.waiting(None)
    await bounces.set_aside(mail)
    assert await bounces.clear_aside(NOW) == 0
    assert await bounces.clear_aside(NOW + timedelta(days=31)) == 1


async def test_of_what_is_too_large_to_be_a_notification_the_beginning_is_set_aside(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    delivered(tmp_path / "bounces", notification() + b"x" * 5 * 1024 * 1024, 0, "large")
    (mail,) = await bounces.waiting(None)
    await bounces.set_aside(mail)
    (file,) = (tmp_path / "bounces" / ".set-aside" / "new").iterdir()
    assert file.stat().st_size == 1024 * 1024
    assert file.read_bytes().startswith(b"Return-Path: <>\nFrom: MAILER-DAEMON")


async def test_a_folder_that_another_replica_clears_at_the_same_time_is_cleared(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    for number in range(200):
        delivered(tmp_path / "bounces" / ".set-aside", b"spam", 31, f"{number}")
    removed = await asyncio.gather(*(BouncesInMaildir(tmp_path / "bounces").clear_aside(NOW) for _ in range(4)))
    assert sum(removed) == 200
