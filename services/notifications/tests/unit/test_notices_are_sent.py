from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from espace_contracts.vocabulary import InsuredId, Locale
from espace_kernel.outcomes import NeverWorks, VersionConflict
from espace_notifications.app.hand_over_notice import HandOverNotice
from espace_notifications.app.keep_contact import KeepContact
from espace_notifications.app.ports import MailAway, MailRefused
from espace_notifications.app.request_mailing import RequestMailing
from espace_notifications.app.send_mailing import SendMailing
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.mailing import LEASE, MailingState
from espace_notifications.domain.notice import NEWS_FOR, Notice, NoticeKind

from .world import IDS, NOON, Clock, Store, step

PERSON = InsuredId(uuid5(IDS, "person"))
ADDRESS = "someone@example.test"


@dataclass
class Contacts:
    addresses: dict[InsuredId, str] = field(default_factory=lambda: {PERSON: ADDRESS})
    waiting: dict[InsuredId, list[UUID]] = field(default_factory=dict)

    async def keep(self, contact: Contact) -> None:
        await step()
        self.addresses[contact.insured] = contact.email
        await step()

    async def address_for(self, notice: Notice) -> str | None:
        await step()
        if notice.insured not in self.addresses:
            self.waiting.setdefault(notice.insured, []).append(notice.id)
        answer = self.addresses.get(notice.insured)
        await step()
        return answer

    async def waiting_for(self, insured: InsuredId) -> list[UUID]:
        await step()
        return list(self.waiting.get(insured, []))

    async def no_longer_waits(self, insured: InsuredId, notice: UUID) -> None:
        await step()
        self.waiting[insured] = [each for each in self.waiting[insured] if each != notice]
        await step()


@dataclass
class Server:
    """A mail server; `answers` are what it raises, one a try, and then it takes what comes."""

    answers: list[Exception] = field(default_factory=list)
    taken: list[tuple[UUID, str]] = field(default_factory=list)

    async def notice(self, notice: Notice, address: str) -> None:
        await step()
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append((notice.id, address))
        await step()


class Desk:
    def __init__(self) -> None:
        self.clock, self.notices, self.contacts, self.server = Clock(), Store[Notice](), Contacts(), Server()
        self.woken: list[UUID] = []
        self.request = RequestMailing(self.notices, self.woken.append)
        self.send = SendMailing(self.notices, HandOverNotice(self.contacts, self.server), self.clock)
        self.confirm = KeepContact(self.contacts, self.notices, self.woken.append, self.clock)

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
        while self.kept(notice).state is MailingState.WAITING:
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
    assert desk.kept(notice).state is MailingState.SENT
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
    assert desk.kept(notice).attempts == 10
    assert desk.kept(notice).state is MailingState.FAILED
    assert desk.kept(notice).problem == "The mail server cannot be reached."


async def test_a_mail_server_that_comes_back_gets_the_notice(desk):
    notice = await desk.requested()
    desk.server.answers = [MailAway("The mail server asks to try again later (SMTP 451).")] * 2
    await desk.send(notice.id)
    assert desk.kept(notice).problem is not None
    await desk.tried_whenever_due(notice)
    assert desk.kept(notice).state is MailingState.SENT
    assert desk.kept(notice).problem is None
    assert len(desk.server.taken) == 1


async def test_a_notice_the_mail_server_refuses_for_good_is_not_tried_again(desk):
    notice = await desk.requested()
    desk.server.answers = [MailRefused("The mail server refuses this message for good (SMTP 550).")]
    await desk.send(notice.id)
    desk.clock.passes(100_000)
    await desk.send(notice.id)
    assert desk.kept(notice).state is MailingState.FAILED
    assert desk.server.taken == []


async def test_without_a_contact_address_a_notice_rests_until_one_is_confirmed(desk):
    desk.contacts.addresses.clear()
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
    desk.contacts.addresses.clear()
    notice = await desk.requested()
    await desk.send(notice.id)
    desk.clock.passes(NEWS_FOR.total_seconds() + 1)
    await desk.confirm(Contact(PERSON, ADDRESS, 1))
    await desk.send(notice.id)
    assert desk.kept(notice).state is MailingState.NO_CONTACT
    assert (desk.server.taken, desk.contacts.waiting) == ([], {PERSON: []})


@pytest.mark.parametrize("steps", range(9))
@pytest.mark.parametrize("dies", [False, True])
async def test_no_notice_misses_an_address_that_is_confirmed_while_it_is_tried(desk, steps, dies):
    """At whichever of its steps the try is when the address comes, and whether it then goes on or dies there."""
    desk.contacts.addresses.clear()
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
