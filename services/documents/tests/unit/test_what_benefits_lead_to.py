from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest

from espace_contracts.contents import ReimbursementStatement
from espace_contracts.events import BenefitSettled, ReimbursementSettled
from espace_contracts.golden import messages
from espace_contracts.vocabulary import Channel, Locale, RunId
from espace_documents.api.documents import DocumentView
from espace_documents.app.show_document import Shown
from espace_documents.domain.channel import ChannelRule
from espace_documents.events.incoming import subscriptions
from espace_documents.events.run_lane import runs
from espace_kernel.envelope import attributes_of, receive
from espace_kernel.outcomes import RetryLater

from .conftest import a_recipient

BENEFITS = [message for message in messages() if message.headers["ce_type"] == BenefitSettled.type]
REIMBURSEMENTS = [message for message in messages() if message.headers["ce_type"] == ReimbursementSettled.type]
each_benefit = pytest.mark.parametrize("message", [*BENEFITS, *REIMBURSEMENTS], ids=lambda message: message.name)


def received(message, **changes):
    contract, _ = subscriptions.handlers[message.headers["ce_type"]]
    attributes = attributes_of([(name, value.encode()) for name, value in message.headers.items()])
    event = receive(contract, attributes, message.value)
    return replace(event, data=event.data.model_copy(update=changes))


class Lanes:
    """Both consumers over one service."""

    def __init__(self, service) -> None:
        self._service = service
        self._do = SimpleNamespace(deliver_document=service.deliver, deliver_in_their_language=service.deliver_in_their_language)

    async def singly(self, event) -> list:
        return await self._by(subscriptions, event)

    async def of_runs(self, event) -> list:
        return await self._by(runs, event)

    async def _by(self, lane, event) -> list:
        _, handler = lane.handlers[event.type]
        await handler(event, self._do)
        return self._service.documents.all()


@pytest.fixture
def lanes(service) -> Lanes:
    return Lanes(service)


def knows_the_recipient(service, event, **changes):
    service.recipients[event.data.insured] = replace(a_recipient(**changes), id=event.data.insured)


@each_benefit
async def test_a_benefit_becomes_one_document_without_a_procedure_however_often_it_is_told(message, service, lanes):
    event = received(message, run=None)
    knows_the_recipient(service, event)
    await lanes.singly(event)
    (document,) = await lanes.singly(event)
    assert len(service.documents.told) == len(service.typesetter.made) == 1
    assert document.id == event.derived_id("document", document.type, document.insured)
    source = document.source
    assert (source.procedure, source.benefit, source.run, source.event) == (None, event.data.subject, None, event.id)
    assert (document.insured, document.channel, source.ordered_at) == (event.data.insured, Channel.POST, event.time)


@pytest.mark.parametrize("message", BENEFITS, ids=lambda message: message.name)
async def test_the_document_says_what_the_event_says_in_its_language(message, service, lanes):
    event = received(message, locale=Locale.LUXEMBOURGISH, run=None)
    knows_the_recipient(service, event)
    (document,) = await lanes.singly(event)
    (order,) = service.typesetter.made
    assert (order.content, order.locale, document.locale) == (event.data.content, Locale.LUXEMBOURGISH, Locale.LUXEMBOURGISH)


@pytest.mark.parametrize("message", REIMBURSEMENTS, ids=lambda message: message.name)
async def test_a_statement_says_what_was_reimbursed_in_the_recipients_language(message, service, lanes):
    event = received(message, run=None)
    knows_the_recipient(service, event)
    (document,) = await lanes.singly(event)
    (order,) = service.typesetter.made
    assert order.locale is document.locale is Locale.FRENCH
    assert isinstance(order.content, ReimbursementStatement)
    said = order.content.model_dump(exclude={"type", "lines"})
    assert said == event.data.model_dump(include=said.keys())
    assert [line.model_dump() for line in order.content.lines] == [line.model_dump(exclude={"patient"}) for line in event.data.lines]


@each_benefit
async def test_what_concerns_the_dead_goes_by_post_though_edelivery_was_on(message, service, lanes):
    event = received(message, run=None)
    knows_the_recipient(service, event)
    await service.switch(event.data.insured, active=True)
    knows_the_recipient(service, event, deceased=True)
    (document,) = await lanes.singly(event)
    assert document.decision.rule is ChannelRule.RECIPIENT_DECEASED


@each_benefit
async def test_a_benefit_waits_for_the_file_on_its_recipient(message, service, lanes):
    event = received(message, run=None)
    with pytest.raises(RetryLater):
        await lanes.singly(event)
    assert service.archive.files == {}
    knows_the_recipient(service, event)
    assert len(await lanes.singly(event)) == 1


@each_benefit
async def test_one_of_a_run_is_made_by_the_lane_of_the_runs_alone(message, service, lanes):
    event = received(message, run=RunId(uuid4()))
    knows_the_recipient(service, event)
    assert await lanes.singly(event) == []
    (document,) = await lanes.of_runs(event)
    assert (document.source.benefit, document.source.run) == (event.data.subject, event.data.run)


@each_benefit
async def test_a_single_one_is_none_of_the_runs_lanes(message, service, lanes):
    event = received(message, run=None)
    knows_the_recipient(service, event)
    assert await lanes.of_runs(event) == []


def test_the_lane_of_the_runs_hears_of_benefits_alone():
    assert {contract for contract, _ in runs.handlers.values()} == {BenefitSettled, ReimbursementSettled}


async def test_the_espace_shows_no_procedure_for_what_a_benefit_led_to(service, lanes):
    event = received(BENEFITS[0], run=None)
    knows_the_recipient(service, event)
    await service.switch(event.data.insured, active=True)
    (document,) = await lanes.singly(event)
    assert DocumentView.of(Shown(document, None)).procedure is None
