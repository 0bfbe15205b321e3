from __future__ import annotations

from uuid import uuid5

import pytest

from espace_contracts.vocabulary import NoticeMeans
from espace_kernel.outcomes import NeverWorks, VersionConflict
from espace_notifications.app.ports import CarrierAway, MessageRefused
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.mailing import LEASE, MailingState
from espace_notifications.domain.notice import NEWS_FOR, Sent

from .desk import ADDRESS, DOCUMENT, NUMBER, PERSON, Desk
from .world import IDS, NOON

EMAIL = NoticeMeans.EMAIL


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_notice_is_sent_once_to_the_confirmed_address(desk):
    notice = await desk.requested()
    assert desk.woken == [notice.id]
    await desk.send(notice.id)
    await desk.send(notice.id)
    assert desk.server.taken == [(notice.id, ADDRESS)]
    assert desk.kept(notice).state is MailingState.SENT
    assert desk.kept(notice).sent_at == NOON
    assert desk.notices.told == [Sent(PERSON, notice.id, DOCUMENT, EMAIL, 0, NOON)]


async def test_of_a_notice_that_is_about_no_document_nothing_is_told(desk):
    notice = await desk.requested(document=None)
    await desk.send(notice.id)
    assert (desk.kept(notice).state, desk.notices.told) == (MailingState.SENT, [])


async def test_a_repeat_of_the_event_changes_nothing(desk):
    notice = await desk.requested()
    await desk.send(notice.id)
    again = await desk.requested()
    assert desk.woken == [notice.id]
    await desk.send(again.id)
    assert len(desk.server.taken) == 1


async def test_a_notice_that_does_not_exist_is_not_sent(desk):
    await desk.send(uuid5(IDS, "another"))
    assert desk.server.taken == []


async def test_while_the_mail_server_is_away_a_notice_is_tried_ten_times_over_hours_and_then_fails(desk):
    notice = await desk.requested()
    desk.server.answers = [CarrierAway("The mail server cannot be reached.") for _ in range(20)]
    waits = await desk.tried_whenever_due(notice)
    assert waits == pytest.approx([5 / 60, 0.5, 2, 10, 30, 60, 120, 240, 480])
    assert desk.kept(notice).attempts == 10
    assert desk.kept(notice).state is MailingState.FAILED
    assert desk.kept(notice).problem == "The mail server cannot be reached."


async def test_a_mail_server_that_comes_back_gets_the_notice(desk):
    notice = await desk.requested()
    desk.server.answers = [CarrierAway("The mail server asks to try again later (SMTP 451).")] * 2
    await desk.send(notice.id)
    assert desk.kept(notice).problem is not None
    await desk.tried_whenever_due(notice)
    assert desk.kept(notice).state is MailingState.SENT
    assert desk.kept(notice).problem is None
    assert len(desk.server.taken) == 1


async def test_a_notice_the_mail_server_refuses_for_good_is_not_tried_again(desk):
    notice = await desk.requested()
    desk.server.answers = [MessageRefused("The mail server refuses this message for good (SMTP 550).")]
    await desk.send(notice.id)
    desk.clock.passes(100_000)
    await desk.send(notice.id)
    assert desk.kept(notice).state is MailingState.FAILED
    assert desk.server.taken == []


async def test_without_a_contact_address_a_notice_rests_until_one_is_confirmed(desk):
    desk.contacts.kept.clear()
    notice = await desk.requested()
    await desk.send(notice.id)
    assert desk.kept(notice).state is MailingState.NO_CONTACT
    assert desk.kept(notice).problem == "The person has confirmed no contact address."
    desk.clock.passes(NEWS_FOR.total_seconds())
    await desk.send(notice.id)
    assert (desk.kept(notice).attempts, desk.server.taken) == (1, [])
    for _ in range(2):
        await desk.confirm(Contact(PERSON, ADDRESS, 1))
        await desk.send(notice.id)
    assert desk.woken == [notice.id, notice.id]
    assert desk.server.taken == [(notice.id, ADDRESS)]


async def test_old_news_is_not_sent_to_an_address_that_is_confirmed_later(desk):
    desk.contacts.kept.clear()
    notice = await desk.requested()
    await desk.send(notice.id)
    desk.clock.passes(NEWS_FOR.total_seconds() + 1)
    await desk.confirm(Contact(PERSON, ADDRESS, 1))
    await desk.send(notice.id)
    assert desk.kept(notice).state is MailingState.NO_CONTACT
    assert (desk.server.taken, desk.contacts.waiting) == ([], {(PERSON, EMAIL): []})


@pytest.mark.parametrize("steps", range(9))
@pytest.mark.parametrize("dies", [False, True])
async def test_no_notice_misses_an_address_that_is_confirmed_while_it_is_tried(desk, steps, dies):
    """At whichever of its steps the try is when the address comes, and whether it then goes on or dies there."""
    desk.contacts.kept.clear()
    notice = await desk.requested()
    trying = desk.send(notice.id)
    try:
        for _ in range(steps):
            trying.send(None)
    except StopIteration:
        dies = False
    await confirmed(desk)
    if dies:
        trying.close()
    else:
        await to_its_end(trying)
    desk.clock.passes(LEASE.total_seconds())
    await desk.send(notice.id)
    assert desk.server.taken == [(notice.id, ADDRESS)]
    assert desk.kept(notice).state is MailingState.SENT


async def confirmed(desk: Desk) -> None:
    """The event is handled again when the handling loses against a try, as the kernel does it."""
    try:
        await desk.confirm(Contact(PERSON, ADDRESS, 1))
    except VersionConflict:
        await desk.confirm(Contact(PERSON, ADDRESS, 1))


async def to_its_end(trying) -> None:
    try:
        await trying
    except (VersionConflict, RuntimeError):  # it lost against the contact; or it had ended before
        return


async def test_a_notice_in_hand_is_left_alone_until_its_lease_ends(desk):
    notice = await desk.requested()
    claimed = await desk.notices.get(notice.id)
    claimed.begin(desk.clock.now)
    await desk.notices.save(claimed)
    await desk.send(notice.id)
    assert desk.server.taken == []
    desk.clock.passes(LEASE.total_seconds())
    await desk.send(notice.id)
    assert len(desk.server.taken) == 1


async def test_of_two_replicas_that_find_the_same_notice_one_sends_it(desk):
    notice = await desk.requested()
    replicas = [desk.send(notice.id), desk.send(notice.id)]
    lost = 0
    while replicas:
        for replica in list(replicas):
            try:
                replica.send(None)
            except StopIteration:
                replicas.remove(replica)
            except VersionConflict:
                replicas.remove(replica)
                lost += 1
    assert lost == 1
    assert desk.server.taken == [(notice.id, ADDRESS)]


async def test_a_notice_whose_last_try_never_ended_fails(desk):
    notice = await desk.requested()
    stuck = await desk.notices.get(notice.id)
    for _ in range(10):
        stuck.begin(desk.clock.now)
    await desk.notices.save(stuck)
    desk.clock.passes(LEASE.total_seconds())
    await desk.send(notice.id)
    assert desk.kept(notice).state is MailingState.FAILED
    assert desk.server.taken == []


@pytest.mark.parametrize("email", ["someone@example.test", "a.b+c@sub.example.test", "jos.müller@example.test"])
def test_an_address_that_mail_can_be_sent_to_is_taken(email):
    assert Contact(PERSON, email, 1).address == email


@pytest.mark.parametrize(
    "email",
    [
        "",
        "someone",
        "@example.test",
        "someone@",
        "a@b@c",
        "a b@example.test",
        "a@example.test\r\nBcc: x@y.test",
        "<a@b.test>",
        f"{'a' * 250}@b.lu",
    ],
)
def test_what_is_no_address_is_a_dead_letter_and_its_reason_does_not_quote_it(email):
    with pytest.raises(NeverWorks) as refused:
        Contact(PERSON, email, 1)
    assert not email or email not in str(refused.value)


async def test_a_person_with_a_mobile_number_is_told_by_both_means_once_each(desk):
    await desk.contacts.keep(Contact(PERSON, NUMBER, 4, NoticeMeans.SMS))
    for _ in range(2):
        notice = await desk.requested()
    assert desk.woken == [notice.id, notice.by_sms().id]
    for each in desk.woken * 2:
        await desk.send(each)
    assert (desk.server.taken, desk.gateway.taken) == ([(notice.id, ADDRESS)], [(notice.by_sms().id, NUMBER)])
    assert desk.notices.told == [
        Sent(PERSON, notice.id, DOCUMENT, EMAIL, 0, NOON),
        Sent(PERSON, notice.by_sms().id, DOCUMENT, NoticeMeans.SMS, 0, NOON),
    ]
    assert desk.kept(notice.by_sms()).contact_revision == 4


async def test_a_number_that_is_confirmed_later_is_not_told_of_what_was_before_however_often_it_is_said(desk):
    notice = await desk.sent()
    await desk.contacts.keep(Contact(PERSON, NUMBER, 1, NoticeMeans.SMS))
    await desk.requested()
    assert (desk.woken, set(desk.notices.kept)) == ([notice.id], {notice.id})


async def test_a_request_that_was_interrupted_after_its_first_message_is_completed_by_its_repeat(desk):
    await desk.contacts.keep(Contact(PERSON, NUMBER, 1, NoticeMeans.SMS))
    asking = desk.requested()
    while not desk.notices.kept:
        asking.send(None)
    asking.close()
    await desk.confirm(Contact(PERSON, None, 2, NoticeMeans.SMS))
    notice = await desk.requested()
    await desk.send(notice.by_sms().id)
    assert desk.kept(notice.by_sms()).state is MailingState.NO_CONTACT, "the number was removed before its try"
    assert desk.gateway.taken == []


@pytest.mark.parametrize("number", ["", "352621123456", "+0352621123456", "+352 621 123 456", "+352621123456\n", "+1234567890123456"])
def test_what_is_no_number_is_a_dead_letter_and_its_reason_does_not_quote_it(number):
    with pytest.raises(NeverWorks) as refused:
        Contact(PERSON, number, 1, NoticeMeans.SMS)
    assert not number or number not in str(refused.value)
