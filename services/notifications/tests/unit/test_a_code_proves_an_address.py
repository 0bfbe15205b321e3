from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from espace_contracts.vocabulary import InsuredId, Locale, NoticeMeans
from espace_kernel.outcomes import NeverWorks
from espace_notifications.app.hand_over_contact_code import HandOverContactCode
from espace_notifications.app.ports import AddressGone, CarrierAway, MessageRefused, SourceAway
from espace_notifications.app.request_mailing import RequestMailing
from espace_notifications.app.send_mailing import SendMailing
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.mailing import MailingState
from espace_notifications.domain.quiet_hours import at_any_hour

from .desk import NUMBER, Carrier
from .world import IDS, NOON, Clock, Store, step

ADDRESS = "someone@example.test"
CHALLENGE = uuid5(IDS, "challenge")
VALID_FOR = timedelta(minutes=10)


@dataclass
class Identity:
    """Knows the codes; `away` says how often it cannot be asked."""

    codes: dict[UUID, str] = field(default_factory=lambda: {CHALLENGE: "042817"})
    away: int = 0

    async def code_of(self, challenge: UUID) -> str | None:
        await step()
        if self.away:
            self.away -= 1
            raise SourceAway("Identity cannot be reached.")
        return self.codes.get(challenge)


class Desk:
    def __init__(self) -> None:
        self.clock, self.mailings, self.identity, self.server = Clock(), Store[ContactCode](), Identity(), Carrier()
        self.gateway = Carrier()
        carriers = {NoticeMeans.EMAIL: self.server, NoticeMeans.SMS: self.gateway}
        self.woken: list[UUID] = []
        self.request = RequestMailing(self.mailings, self.woken.append)
        self.send = SendMailing(self.mailings, HandOverContactCode(self.identity, carriers, self.clock), self.clock, at_any_hour)

    async def requested(self, code: ContactCode | None = None) -> ContactCode:
        code = code or a_code()
        await self.request(code)
        return code

    @property
    def kept(self) -> ContactCode:
        (code,) = self.mailings.kept.values()
        return code

    async def tried_whenever_due(self) -> None:
        while self.kept.state is MailingState.WAITING:
            await self.send(self.kept.id)
            self.clock.now = max(self.clock.now, self.kept.next_try_at)


def a_code(address: str = ADDRESS, means: NoticeMeans = NoticeMeans.EMAIL) -> ContactCode:
    return ContactCode(
        id=uuid5(IDS, "code"), insured=InsuredId(uuid5(IDS, "person")), locale=Locale.LUXEMBOURGISH, requested_at=NOON, next_try_at=NOON,
        means=means,
        challenge=CHALLENGE, address=address, expires_at=NOON + VALID_FOR,
    )  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_code_is_sent_once_to_the_address_that_was_given_and_the_address_is_forgotten(desk):
    code = await desk.requested()
    await desk.requested()
    assert desk.woken == [code.id]
    await desk.send(code.id)
    await desk.send(code.id)
    assert (desk.server.taken, desk.server.codes) == ([(code.id, ADDRESS)], ["042817"])
    assert (desk.kept.state, desk.kept.sent_at, desk.kept.address) == (MailingState.SENT, NOON, None)


async def test_a_code_is_kept_nowhere(desk):
    code = await desk.requested()
    desk.server.answers = [CarrierAway("The mail server cannot be reached.")]
    await desk.send(code.id)
    assert desk.kept.state is MailingState.WAITING
    assert "042817" not in repr(desk.kept)


async def test_a_code_that_identity_no_longer_knows_is_not_sent(desk):
    await desk.requested()
    desk.identity.codes.clear()
    await desk.tried_whenever_due()
    assert (desk.kept.state, desk.kept.attempts, desk.kept.address) == (MailingState.EXPIRED, 1, None)
    assert desk.server.taken == []


async def test_a_code_that_comes_too_late_is_not_even_asked_for(desk):
    code = await desk.requested()
    desk.clock.passes(VALID_FOR.total_seconds())
    desk.identity.away = 1
    await desk.send(code.id)
    assert desk.kept.state is MailingState.EXPIRED
    assert (desk.identity.away, desk.server.taken) == (1, [])


async def test_while_identity_or_the_mail_server_is_away_a_code_is_tried_again_within_half_a_minute(desk):
    code = await desk.requested()
    desk.identity.away = 3
    desk.server.answers = [CarrierAway("The mail server cannot be reached.")] * 2
    waits = []
    for _ in range(5):
        await desk.send(code.id)
        waits.append((desk.kept.next_try_at - desk.clock.now).total_seconds())
        desk.clock.now = desk.kept.next_try_at
    assert waits == [2, 5, 10, 15, 30]
    await desk.send(code.id)
    assert desk.server.codes == ["042817"]


async def test_a_code_is_tried_as_long_as_it_is_valid_and_no_longer(desk):
    await desk.requested()
    desk.server.answers = [CarrierAway("The mail server cannot be reached.")] * 100
    await desk.tried_whenever_due()
    assert desk.kept.state is MailingState.EXPIRED
    assert timedelta() <= desk.clock.now - desk.kept.expires_at < timedelta(seconds=30)
    assert desk.kept.attempts == 24


async def test_a_code_that_the_mail_server_refuses_for_good_is_not_tried_again(desk):
    await desk.requested()
    desk.server.answers = [MessageRefused("The mail server refuses this message for good (SMTP 550).")]
    await desk.tried_whenever_due()
    assert (desk.kept.state, desk.kept.attempts, desk.kept.address) == (MailingState.FAILED, 1, None)


def test_a_code_for_what_is_no_address_is_a_dead_letter_and_its_reason_does_not_quote_it():
    with pytest.raises(NeverWorks) as refused:
        a_code("a@example.test\r\nBcc: x@y.test")
    assert "x@y.test" not in str(refused.value)


async def test_the_code_for_a_number_goes_there_and_the_number_is_forgotten(desk):
    code = await desk.requested(a_code(NUMBER, NoticeMeans.SMS))
    await desk.send(code.id)
    assert (desk.gateway.taken, desk.gateway.codes, desk.server.taken) == ([(code.id, NUMBER)], ["042817"], [])
    assert (desk.kept.state, desk.kept.address, desk.kept.called) == (MailingState.SENT, None, "mobile_code")


async def test_a_code_for_an_address_where_nobody_reads_is_not_tried_again(desk):
    code = await desk.requested()
    desk.server.answers = [AddressGone("Nobody reads at this address.")]
    await desk.send(code.id)
    assert (desk.kept.state, desk.kept.address) == (MailingState.FAILED, None)
