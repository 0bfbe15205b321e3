from __future__ import annotations

import copy
from uuid import uuid4

import pytest

from espace_cns_core.app.decide_procedure import NotHeld
from espace_cns_core.domain.submission import AlreadyDecided, Decided, FundWrote, Message, Withdrawn
from espace_cns_core.domain.verdict import APPROVED
from espace_cns_core.events.incoming import decide_no_more, keep_what_was_written
from espace_cns_core.events.outgoing import contract_of
from espace_contracts.events import MessageWritten, ProcedureWithdrawn
from espace_contracts.vocabulary import InsuredId, Locale, MessageId, ProcedureId, ProcedureKind
from espace_kernel.envelope import Received
from espace_kernel.outcomes import RetryLater

from .conftest import NOW, TODAY


def received(event):
    return Received(id=uuid4(), type=event.type, source="/espace/procedures", time=NOW, correlation_id=uuid4(), data=event)


def withdrawal(submission):
    return received(
        ProcedureWithdrawn(
            insured=InsuredId(submission.insured), procedure=ProcedureId(submission.procedure), kind=submission.kind, submission=1,
            locale=Locale.FRENCH,
        )
    )  # fmt: skip


def message(submission, text="Avez-vous reçu mon RIB ?"):
    return received(
        MessageWritten(
            insured=InsuredId(submission.insured), procedure=ProcedureId(submission.procedure), kind=ProcedureKind.BANK_DETAILS_CHANGE,
            message=MessageId(uuid4()), text=text, written_at=NOW,
        )
    )  # fmt: skip


@pytest.fixture
async def waiting(fund, person, bank_change):
    """A submission that waits for a command."""
    fund.by_rule = False
    await fund.knows(person)
    submission = bank_change()
    await fund.do.receive_submission(copy.deepcopy(submission))
    return submission


async def test_the_fund_writes_about_an_open_procedure(fund, waiting):
    written = await fund.do.write_message(waiting.procedure, uuid4(), "Merci, nous regardons.")
    (wrote,) = fund.submissions.told
    told = contract_of(wrote)
    assert isinstance(wrote, FundWrote)
    assert (told.procedure, told.message, told.text, told.sent_at) == (waiting.procedure, written.id, "Merci, nous regardons.", NOW)
    assert fund.submissions.kept[waiting.id].messages == (written,)


async def test_the_fund_writes_no_more_once_it_decided(fund, waiting):
    await fund.do.decide_procedure(waiting.procedure, APPROVED)
    with pytest.raises(AlreadyDecided) as refusal:
        await fund.do.write_message(waiting.procedure, uuid4(), "Encore un mot.")
    assert (refusal.value.verdict, refusal.value.on) == (APPROVED, TODAY)


async def test_what_a_person_writes_is_kept_once_and_in_order(fund, waiting):
    first, second = message(waiting), message(waiting, "Merci.")
    for event in (first, second, first):
        await keep_what_was_written(event, fund.do)
    kept = fund.submissions.kept[waiting.id].messages
    assert kept == tuple(Message(id=event.data.message, text=event.data.text, at=NOW, from_fund=False) for event in (first, second))
    assert fund.submissions.told == []


async def test_a_withdrawn_submission_is_decided_and_written_about_no_more(fund, waiting):
    for event in (withdrawal(waiting), withdrawal(waiting)):
        await decide_no_more(event, fund.do)
    assert fund.submissions.kept[waiting.id].version == 2
    with pytest.raises(Withdrawn):
        await fund.do.decide_procedure(waiting.procedure, APPROVED)
    with pytest.raises(Withdrawn):
        await fund.do.write_message(waiting.procedure, uuid4(), "Un mot.")
    fund.by_rule = True
    await fund.do.receive_submission(copy.deepcopy(waiting))  # a redelivery
    assert fund.submissions.told == []


async def test_a_decision_given_before_the_withdrawal_stands(fund, waiting):
    await fund.do.decide_procedure(waiting.procedure, APPROVED)
    await decide_no_more(withdrawal(waiting), fund.do)
    with pytest.raises(AlreadyDecided):
        await fund.do.decide_procedure(waiting.procedure, APPROVED)
    assert [type(event) for event in fund.submissions.told] == [Decided]


async def test_what_comes_before_its_submission_is_tried_again(fund, bank_change):
    for handle, event in ((decide_no_more, withdrawal(bank_change())), (keep_what_was_written, message(bank_change()))):
        with pytest.raises(RetryLater):
            await handle(event, fund.do)


async def test_the_fund_cannot_write_about_what_it_does_not_hold(fund):
    with pytest.raises(NotHeld):
        await fund.do.write_message(uuid4(), uuid4(), "Bonjour.")
