from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from espace_contracts.vocabulary import NoticeMeans
from espace_notifications.app.ports import CarrierAway
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.mailing import LEASE, MailingState
from espace_notifications.domain.notice import Sent
from espace_notifications.domain.quiet_hours import outside_quiet_hours

from .desk import ADDRESS, DOCUMENT, NUMBER, PERSON, Desk

EMAIL, SMS = NoticeMeans.EMAIL, NoticeMeans.SMS
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
THREE, EIGHT = datetime(2026, 3, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)  # in winter: UTC+1


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2026-01-14 02:00", "2026-01-14 07:00"),
        ("2026-01-14 06:59:59.999999", "2026-01-14 07:00"),
        ("2026-01-14 07:00", "2026-01-14 07:00"),
        ("2026-01-14 18:59:59.999999", "2026-01-14 18:59:59.999999"),
        ("2026-01-14 19:00", "2026-01-15 07:00"),
        ("2026-01-14 23:30", "2026-01-15 07:00"),
        ("2026-07-14 05:59", "2026-07-14 06:00"),
        ("2026-07-14 18:00", "2026-07-15 06:00"),
        ("2026-03-28 19:00", "2026-03-29 06:00"),  # the clock is put forward: the night has eleven hours
        ("2026-03-29 00:30", "2026-03-29 06:00"),
        ("2026-10-24 18:00", "2026-10-25 07:00"),  # the clock is put back: the night has thirteen
        ("2026-10-25 00:30", "2026-10-25 07:00"),
        ("2026-10-25 01:30", "2026-10-25 07:00"),
        ("2026-12-31 22:59", "2027-01-01 07:00"),
    ],
)
def test_a_text_message_goes_from_8_to_20_o_clock_in_luxembourg(asked, answered):
    assert outside_quiet_hours(SMS, utc(asked)) == utc(answered)
    assert outside_quiet_hours(EMAIL, utc(asked)) == utc(asked)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis adds the zone
def test_the_moment_is_the_first_that_lies_in_the_day(asked):
    answered = outside_quiet_hours(SMS, asked)
    assert 8 <= answered.astimezone(LUXEMBOURG).hour < 20
    if answered != asked:
        assert asked < answered <= asked + timedelta(hours=13)
        assert not 8 <= asked.astimezone(LUXEMBOURG).hour < 20
        assert (answered.astimezone(LUXEMBOURG) - timedelta(microseconds=1)).hour == 7


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    desk.clock.now = THREE
    await desk.contacts.keep(Contact(PERSON, NUMBER, 1, SMS))
    return desk


async def test_at_night_an_e_mail_goes_at_once_and_a_text_message_in_the_morning_and_both_tell_when(desk):
    notice = await desk.requested()
    with capture_logs() as lines:
        for each in desk.woken * 2:
            await desk.send(each)
    waiting = desk.kept(notice.by_sms())
    assert (desk.server.taken, desk.gateway.taken) == ([(notice.id, ADDRESS)], [])
    assert (waiting.state, waiting.next_try_at, waiting.attempts, waiting.problem) == (MailingState.WAITING, EIGHT, 0, None)
    assert [line["outcome"] for line in lines] == [MailingState.SENT], "what only waits was not tried"
    desk.clock.now = EIGHT
    for each in desk.woken * 2:
        await desk.send(each)
    assert desk.gateway.taken == [(notice.by_sms().id, NUMBER)]
    assert (desk.kept(notice.by_sms()).sent_at, desk.kept(notice.by_sms()).attempts) == (EIGHT, 1)
    assert desk.notices.told == [
        Sent(PERSON, notice.id, DOCUMENT, EMAIL, 0, THREE),
        Sent(PERSON, notice.by_sms().id, DOCUMENT, SMS, 0, EIGHT),
    ]


async def test_a_try_that_fails_in_the_evening_is_repeated_in_the_morning_and_no_try_is_spent_on_the_night(desk):
    desk.clock.now = evening = THREE - timedelta(hours=7, seconds=3)  # 19:59:57
    desk.gateway.answers = [CarrierAway("The gateway of text messages cannot be reached.")]
    notice = (await desk.requested()).by_sms()
    await desk.send(notice.id)
    assert desk.kept(notice).next_try_at == evening + timedelta(seconds=5)
    await desk.tried_whenever_due(notice)
    assert (desk.kept(notice).state, desk.kept(notice).sent_at, desk.kept(notice).attempts) == (MailingState.SENT, EIGHT, 2)


async def test_a_try_that_died_in_the_evening_is_repeated_in_the_morning(desk):
    desk.clock.now = THREE - timedelta(hours=7, seconds=3)
    notice = (await desk.requested()).by_sms()
    claimed = await desk.notices.get(notice.id)
    claimed.begin(desk.clock.now)
    await desk.notices.save(claimed)
    desk.clock.passes(LEASE.total_seconds())
    await desk.send(notice.id)
    assert (desk.gateway.taken, desk.kept(notice).next_try_at) == ([], EIGHT)
    desk.clock.now = EIGHT
    await desk.send(notice.id)
    assert desk.gateway.taken == [(notice.id, NUMBER)]


async def test_what_waits_for_the_day_goes_to_the_number_that_is_confirmed_then(desk):
    notice = (await desk.requested()).by_sms()
    await desk.send(notice.id)
    await desk.confirm(Contact(PERSON, "+352691999999", 2, SMS))
    await desk.send(notice.id)
    assert desk.gateway.taken == []
    desk.clock.now = EIGHT
    await desk.send(notice.id)
    assert desk.gateway.taken == [(notice.id, "+352691999999")]


async def test_a_number_that_was_removed_in_the_night_gets_nothing_in_the_morning(desk):
    notice = (await desk.requested()).by_sms()
    await desk.send(notice.id)
    await desk.confirm(Contact(PERSON, None, 2, SMS))
    desk.clock.now = EIGHT
    await desk.send(notice.id)
    assert (desk.gateway.taken, desk.kept(notice).state) == ([], MailingState.NO_CONTACT)
