from __future__ import annotations

from dataclasses import replace
from itertools import count
from uuid import UUID, uuid4, uuid5

import pytest
from structlog.testing import capture_logs

from espace_contracts.vocabulary import NoticeMeans
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.ports import AddressGone, BouncedMail, CarrierAway, Verdict
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.mailing import LEASE, MailingState
from espace_notifications.domain.notice import NEWS_FOR, Bounced, Sent
from espace_notifications.domain.refusal import NOBODY_THERE, nobody_reads_there

from .desk import ADDRESS, DOCUMENT, NUMBER, PERSON, Desk
from .world import IDS

EMAIL = NoticeMeans.EMAIL
GONE = AddressGone("Nobody reads at this address, says the mail server (SMTP 550).")
KEYS = count(1000)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def bounced(desk: Desk) -> list[tuple[UUID, NoticeMeans, int]]:
    return [(event.notice, event.means, event.contact_revision) for event in desk.notices.told if isinstance(event, Bounced)]


def comes_back(desk: Desk, notice: UUID | None, verdict: Verdict = Verdict.NOBODY_THERE) -> None:
    desk.returned.lying.append(BouncedMail(str(next(KEYS)), verdict, notice))


async def test_an_address_that_is_refused_for_good_bounces_at_once_and_gets_nothing_more(desk):
    desk.server.answers = [GONE]
    first = await desk.sent("first")
    second = await desk.sent("second")
    assert bounced(desk) == [(first.id, EMAIL, 1)]
    assert [desk.kept(each).state for each in (first, second)] == [MailingState.BOUNCED, MailingState.UNREACHABLE]
    assert desk.server.taken == []
    assert not [event for event in desk.notices.told if isinstance(event, Sent)]


async def test_an_address_bounces_later_and_gets_nothing_more(desk):
    first = await desk.sent("first")
    for _ in range(2):
        comes_back(desk, first.id)
    assert await desk.hear() == 0
    await desk.hear()
    second = await desk.sent("second")
    assert bounced(desk) == [(first.id, EMAIL, 1)], "once, however often it is said"
    assert [desk.kept(each).state for each in (first, second)] == [MailingState.BOUNCED, MailingState.UNREACHABLE]
    assert (desk.server.taken, desk.returned.lying, desk.returned.aside) == ([(first.id, ADDRESS)], [], [])


async def test_what_came_back_is_told_with_the_document_and_the_reminder_that_it_was_about_if_it_was(desk):
    gone_at_once, about_none = await desk.requested("at once"), await desk.requested("about none", document=None)
    reminder = replace(await desk.requested("of the kind"), id=uuid5(IDS, "reminder"), version=0, reminder=2)
    await desk.request(reminder)
    for notice in (about_none, reminder):
        await desk.send(notice.id)
        comes_back(desk, notice.id)
    desk.server.answers = [GONE]
    await desk.send(gone_at_once.id)
    await desk.hear()
    told = {event.notice: (event.document, event.reminder) for event in desk.notices.told if isinstance(event, Bounced)}
    assert told == {gone_at_once.id: (DOCUMENT, 0), about_none.id: (None, 0), reminder.id: (DOCUMENT, 2)}


async def test_a_contact_confirmed_later_gets_notices_again_and_what_waited_less_than_an_hour(desk):
    first = await desk.sent("first")
    comes_back(desk, first.id)
    await desk.hear()
    old = await desk.sent("old")
    desk.clock.passes(NEWS_FOR.total_seconds() + 1)
    fresh = await desk.sent("fresh")
    await desk.confirm(Contact(PERSON, ADDRESS, 1))  # said again
    await desk.send(fresh.id)
    assert desk.kept(fresh).state is MailingState.UNREACHABLE
    await desk.confirm(Contact(PERSON, "another@example.test", 2))
    for notice in (first, old, fresh, await desk.requested("next")):
        await desk.send(notice.id)
    assert [address for _, address in desk.server.taken] == [ADDRESS, "another@example.test", "another@example.test"]
    assert desk.kept(old).state is MailingState.UNREACHABLE


async def test_what_comes_back_from_an_earlier_contact_says_nothing_of_the_one_confirmed_since(desk):
    first = await desk.sent("first")
    await desk.confirm(Contact(PERSON, "another@example.test", 2))
    comes_back(desk, first.id)
    await desk.hear()
    await desk.sent("second")
    assert bounced(desk) == [(first.id, EMAIL, 1)]
    assert [address for _, address in desk.server.taken] == [ADDRESS, "another@example.test"]


async def test_an_address_that_bounces_does_not_silence_the_phone_nor_the_other_way_round(desk):
    await desk.contacts.keep(Contact(PERSON, NUMBER, 3, NoticeMeans.SMS))
    desk.gateway.answers = [GONE]
    first = await desk.sent("first")
    await desk.send(first.by_sms().id)
    assert bounced(desk) == [(first.by_sms().id, NoticeMeans.SMS, 3)]
    second = await desk.sent("second")
    assert [notice for notice, _ in desk.server.taken] == [first.id, second.id]


@pytest.mark.parametrize("steps", range(12))
async def test_wherever_a_try_dies_that_finds_the_address_gone_it_is_told_once(desk, steps):
    notice = await desk.requested()
    desk.server.answers = [GONE]
    trying = desk.send(notice.id)
    try:
        for _ in range(steps):
            trying.send(None)
    except StopIteration:
        pass
    trying.close()
    desk.server.answers = [GONE]
    desk.clock.passes(LEASE.total_seconds())
    await desk.send(notice.id)
    assert bounced(desk) == [(notice.id, EMAIL, 1)]
    assert desk.kept(notice).state is MailingState.BOUNCED
    assert desk.contacts.kept[PERSON, EMAIL].bounced_by == notice.id


@pytest.mark.parametrize("steps", range(8))
async def test_wherever_a_reader_dies_what_came_back_is_told_once(desk, steps):
    notice = await desk.sent()
    comes_back(desk, notice.id)
    reading = desk.hear()
    try:
        for _ in range(steps):
            reading.send(None)
    except StopIteration:
        pass
    reading.close()
    await desk.hear()
    assert bounced(desk) == [(notice.id, EMAIL, 1)]
    assert desk.contacts.kept[PERSON, EMAIL].bounced_by == notice.id
    assert desk.returned.lying == []


async def test_what_comes_back_before_its_try_is_noted_waits_for_that(desk):
    notice = await desk.requested()
    desk.server.answers = [CarrierAway("The mail server broke off.")]
    await desk.send(notice.id)
    comes_back(desk, notice.id)
    await desk.hear()
    assert (len(desk.returned.lying), bounced(desk)) == (1, [])
    desk.clock.passes(5)
    await desk.send(notice.id)
    await desk.hear()
    assert (desk.returned.lying, bounced(desk)) == ([], [(notice.id, EMAIL, 1)])


async def test_what_may_pass_changes_nothing(desk):
    notice = await desk.sent()
    comes_back(desk, notice.id, Verdict.MAY_PASS)
    await desk.hear()
    assert (bounced(desk), desk.kept(notice).state, desk.returned.lying) == ([], MailingState.SENT, [])


async def test_what_is_forged_or_unreadable_is_moved_aside_and_holds_nothing_up(desk):
    await desk.contacts.keep(Contact(PERSON, NUMBER, 1, NoticeMeans.SMS))
    notice = await desk.sent()
    for about in (uuid4(), None, notice.by_sms().id):
        comes_back(desk, about)
    comes_back(desk, notice.id, Verdict.UNREADABLE)
    with capture_logs() as lines:
        await desk.hear()
        await desk.hear()
    assert (bounced(desk), desk.returned.lying, len(desk.returned.aside)) == ([], [], 4)
    assert [line["count"] for line in lines] == [4], "one line a look: anybody can send what says nothing"


async def test_each_look_bounds_what_was_moved_aside(desk):
    desk.returned.aside_at_most = 2
    for _ in range(5):
        comes_back(desk, None)
    latest = desk.returned.lying[-2:]
    with capture_logs() as lines:
        await desk.hear()
        await desk.hear()
    assert desk.returned.aside == latest
    assert [(line["log_level"], line["count"]) for line in lines] == [("warning", 5), ("info", 3)]


async def test_what_a_look_stumbles_over_keeps_nothing_from_its_turn(desk, monkeypatch):
    broken, second = await desk.sent("broken"), await desk.sent("second")
    comes_back(desk, broken.id)
    comes_back(desk, second.id)
    get = desk.notices.get

    async def stumbles(notice: UUID):
        if notice == broken.id:
            raise RuntimeError
        return await get(notice)

    monkeypatch.setattr(desk.notices, "get", stumbles)
    with pytest.raises(RuntimeError):
        await desk.hear()
    await desk.hear()
    assert [event[0] for event in bounced(desk)] == [second.id]
    monkeypatch.undo()
    await desk.hear()
    assert (desk.returned.lying, desk.kept(broken).state) == ([], MailingState.BOUNCED)


async def test_another_replica_that_is_faster_is_no_error(desk, monkeypatch):
    first, second = await desk.sent("first"), await desk.sent("second")
    comes_back(desk, first.id)
    comes_back(desk, second.id)
    save = desk.notices.save

    async def too_late(notice) -> None:
        if notice.id == first.id:
            raise VersionConflict("faster")
        await save(notice)

    monkeypatch.setattr(desk.notices, "save", too_late)
    await desk.hear()
    assert [event[0] for event in bounced(desk)] == [second.id]


@pytest.mark.parametrize("code", sorted(NOBODY_THERE))
def test_nobody_reads_where_a_status_says_so_for_good(code):
    assert nobody_reads_there(550, f"5.{code} said the server")
    assert nobody_reads_there(None, f"5.{code}")
    assert not nobody_reads_there(450, f"4.{code} said the server")


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (552, "5.2.2 mailbox full"), (550, "5.7.1 blocked by policy"), (550, "5.7.26 unauthenticated"), (554, "5.3.4 too big"),
        (550, "5.1.8 bad sender"), (550, "5.4.1 access denied"), (550, "5.1.11 unknown"), (554, "no"), (552, "mailbox full"),
        (501, "5.5.4 syntax"), (None, "5.0.0"), (None, ""), (None, "2.0.0"), (None, "4.0.0"),
    ],
)  # fmt: skip
def test_what_is_about_the_message_or_may_pass_says_nothing_of_the_address(reply, text):
    assert not nobody_reads_there(reply, text)


@pytest.mark.parametrize("reply", [521, 550, 551, 553, 556])
@pytest.mark.parametrize("text", ["no such user", "5.0.0 no such user", ""])
def test_without_a_status_that_says_more_the_reply_decides(reply, text):
    assert nobody_reads_there(reply, text)
