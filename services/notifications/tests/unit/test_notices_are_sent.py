from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from espace_contracts.vocabulary import InsuredId, Locale
from espace_kernel.outcomes import NeverWorks, VersionConflict
from espace_notifications.app.ports import MailAway, MailRefused
from espace_notifications.app.request_notice import RequestNotice
from espace_notifications.app.send_notice import SendNotice
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.notice import LEASE, MOST_TRIES, TRIES_WITHOUT_CONTACT, Notice, NoticeKind, NoticeState

from .world import IDS, NOON, Clock, Store, step

PERSON = InsuredId(uuid5(IDS, "person"))
ADDRESS = "someone@example.test"


@dataclass
class Contacts:
    addresses: dict[InsuredId, str] = field(default_factory=lambda: {PERSON: ADDRESS})

    async def keep(self, contact: Contact) -> None:
        self.addresses[contact.insured] = contact.email

    async def address_of(self, insured: InsuredId) -> str | None:
        await step()
        return self.addresses.get(insured)


@dataclass
class Server:
    """A mail server; `answers` are what it raises, one a try, and then it takes what comes."""

    answers: list[Exception] = field(default_factory=list)
    taken: list[tuple[UUID, str]] = field(default_factory=list)

    async def send(self, notice: Notice, address: str) -> None:
        await step()
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append((notice.id, address))
        await step()


class Desk:
    def __init__(self) -> None:
        self.clock, self.notices, self.contacts, self.server = Clock(), Store[Notice](), Contacts(), Server()
        self.woken: list[UUID] = []
        self.request = RequestNotice(self.notices, self.woken.append)
        self.send = SendNotice(self.notices, self.contacts, self.server, self.clock)

    async def requested(self) -> Notice:
        notice = Notice(
            id=uuid5(IDS, "notice"), insured=PERSON, kind=NoticeKind.DOCUMENT_AVAILABLE, locale=Locale.GERMAN, requested_at=NOON,
            next_try_at=NOON,
        )  # fmt: skip
        await self.request(notice)
        return notice

    def kept(self, notice: Notice) -> Notice:
        return self.notices.kept[notice.id]

    async def tried_whenever_due(self, notice: Notice) -> list[float]:
        """Try until nothing more is to be tried; the minutes between the tries."""
        waits = []
        while self.kept(notice).state is NoticeState.WAITING:
            await self.send(notice.id)
            waits.append((self.kept(notice).next_try_at - self.clock.now) / timedelta(minutes=1))
            self.clock.now = max(self.clock.now, self.kept(notice).next_try_at)
        return waits[:-1]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_notice_is_sent_once_to_the_confirmed_address(desk):
    notice = await desk.requested()
    assert desk.woken == [notice.id]
    await desk.send(notice.id)
    await desk.send(notice.id)
    assert desk.server.taken == [(notice.id, ADDRESS)]
    assert desk.kept(notice).state is NoticeState.SENT
    assert desk.kept(notice).sent_at == NOON


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
    desk.server.answers = [MailAway("The mail server cannot be reached.") for _ in range(20)]
    waits = await desk.tried_whenever_due(notice)
    assert waits == pytest.approx([5 / 60, 0.5, 2, 10, 30, 60, 120, 240, 480])
    assert desk.kept(notice).attempts == MOST_TRIES == 10
    assert desk.kept(notice).state is NoticeState.FAILED
    assert desk.kept(notice).problem == "The mail server cannot be reached."


async def test_a_mail_server_that_comes_back_gets_the_notice(desk):
    notice = await desk.requested()
    desk.server.answers = [MailAway("The mail server asks to try again later (SMTP 451).")] * 2
    await desk.send(notice.id)
    assert desk.kept(notice).problem is not None
    await desk.tried_whenever_due(notice)
    assert desk.kept(notice).state is NoticeState.SENT
    assert desk.kept(notice).problem is None
    assert len(desk.server.taken) == 1


async def test_a_notice_the_mail_server_refuses_for_good_is_not_tried_again(desk):
    notice = await desk.requested()
    desk.server.answers = [MailRefused("The mail server refuses this message for good (SMTP 550).")]
    await desk.send(notice.id)
    desk.clock.passes(100_000)
    await desk.send(notice.id)
    assert desk.kept(notice).state is NoticeState.FAILED
    assert desk.server.taken == []


async def test_a_contact_address_that_comes_a_little_late_is_waited_for(desk):
    desk.contacts.addresses.clear()
    notice = await desk.requested()
    await desk.send(notice.id)
    await desk.contacts.keep(Contact(PERSON, ADDRESS, 1))
    await desk.tried_whenever_due(notice)
    assert desk.server.taken == [(notice.id, ADDRESS)]


async def test_without_a_contact_address_no_notice_is_sent(desk):
    desk.contacts.addresses.clear()
    notice = await desk.requested()
    await desk.tried_whenever_due(notice)
    assert desk.kept(notice).state is NoticeState.NO_CONTACT
    assert desk.kept(notice).attempts == TRIES_WITHOUT_CONTACT
    assert desk.server.taken == []


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
    for _ in range(MOST_TRIES):
        stuck.begin(desk.clock.now)
    await desk.notices.save(stuck)
    desk.clock.passes(LEASE.total_seconds())
    await desk.send(notice.id)
    assert desk.kept(notice).state is NoticeState.FAILED
    assert desk.server.taken == []


@pytest.mark.parametrize("email", ["someone@example.test", "a.b+c@sub.example.test", "jos.müller@example.test"])
def test_an_address_that_mail_can_be_sent_to_is_taken(email):
    assert Contact(PERSON, email, 1).email == email


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
