from __future__ import annotations

import mailbox
from uuid import UUID, uuid4

import pytest

from espace_notifications.app.ports import Verdict
from espace_notifications.mail.bounces import BouncesInMaildir, told_by

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
    said = {mail.verdict: mail for mail in await bounces.waiting()}
    assert {verdict: mail.notice for verdict, mail in said.items()} == {Verdict.NOBODY_THERE: NOTICE, Verdict.UNREADABLE: None}
    for _ in range(2):  # the second time another replica has done it
        await bounces.remove(said[Verdict.NOBODY_THERE])
        await bounces.set_aside(said[Verdict.UNREADABLE])
    assert await bounces.waiting() == []
    (aside,) = delivered.get_folder("set-aside")
    assert b"nonsense" in bytes(aside)


async def test_a_flood_is_read_in_parts(tmp_path):
    bounces = BouncesInMaildir(tmp_path / "bounces")
    await bounces.prepare()
    delivered = mailbox.Maildir(tmp_path / "bounces")
    for _ in range(201):
        delivered.add(notification(uuid4().hex))
    assert len(await bounces.waiting()) == 200
