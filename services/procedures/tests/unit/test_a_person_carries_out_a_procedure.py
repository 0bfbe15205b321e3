from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import InsuredId, Locale, ProcedureStatus
from espace_kernel.outcomes import NeverWorks, RetryLater, VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.domain.decision import NotWithTheFund
from espace_procedures.domain.events import Closed, Forwarded, ReceiptDue, SentBack
from espace_procedures.domain.refusals import (
    AlreadyClosed,
    AnswersToCorrect,
    ForwardedBefore,
    FreshLoginNeeded,
    WithTheFund,
)
from espace_procedures.domain.status import Ending

from .conftest import BANK, EHIC, IBAN, ON_FILE, PDF, approval, correction


async def test_a_draft_begins_with_what_the_fund_knows(world):
    world.records.known[world.insured] = ON_FILE
    procedure = await world.has_started()
    assert procedure.status is ProcedureStatus.IN_PREPARATION
    assert procedure.answers == {"holder": "Sophie Hoffmann"}
    assert procedure.on_file == {"iban": "LU12 **** **** **** 7891"}


async def test_a_draft_of_somebody_not_heard_of_yet_is_empty(world):
    assert (await world.has_started()).answers == {}
    assert (await world.has_started(EHIC)).answers == {"persons": str(world.insured)}


async def test_starting_again_goes_on_with_the_open_one(world):
    first = await world.has_started()
    again = await world.has_started()
    other_kind = await world.has_started(EHIC)
    assert again.id == first.id != other_kind.id
    assert len(world.procedures.kept) == 2


async def test_the_same_request_to_start_gives_the_same_procedure_even_when_it_is_closed(world):
    request = uuid4()
    procedure = await world.start(request, world.insured, BANK, Locale.GERMAN)
    await world.save_answers(world.seen(procedure), {"iban": IBAN, "holder": "Sophie Hoffmann"})
    await world.submit(world.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)
    await world.close(procedure.id, world.insured, approval())
    assert (await world.start(request, world.insured, BANK, Locale.GERMAN)).status is ProcedureStatus.CLOSED


async def test_a_start_that_meets_a_draft_being_deleted_begins_a_new_one(world):
    old = await world.has_started()
    find = world.procedures.open_one

    async def deleted_meanwhile(insured, kind):
        world.procedures.kept.pop(old.id, None)
        return await find(insured, kind)

    world.procedures.open_one = deleted_meanwhile
    new = await world.has_started()
    assert new.id != old.id
    assert list(world.procedures.kept) == [new.id]


async def test_after_the_closing_a_new_one_can_be_started(world):
    closed = await world.has_forwarded()
    await world.close(closed.id, world.insured, approval())
    assert (await world.has_started()).id != closed.id


async def test_another_persons_procedure_is_not_there(world):
    procedure = await world.has_started()
    stranger = AsSeen(procedure.id, InsuredId(uuid4()))
    steps = [
        world.save_answers(stranger, {}),
        world.attach(stranger, uuid4(), "bank_statement", PDF),
        world.remove_attachment(stranger, uuid4()),
        world.submit(stranger, uuid4(), locale=None, freshly_logged_in=True),
        world.delete(stranger),
    ]
    for step in steps:
        with pytest.raises(NoSuchProcedure):
            await step


async def test_a_draft_keeps_wrong_answers_and_is_not_forwarded_with_them(world):
    procedure = await world.has_started()
    saved = await world.save_answers(world.seen(procedure), {"iban": IBAN[:-1]})
    assert saved.answers == {"iban": IBAN[:-1]}
    with pytest.raises(AnswersToCorrect) as refused:
        await world.submit(world.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)
    assert [finding.field for finding in refused.value.findings] == ["iban", "holder"]
    assert (await world.now(procedure)).status is ProcedureStatus.IN_PREPARATION
    assert world.procedures.told == []


async def test_answers_that_no_draft_can_hold_change_nothing(world):
    procedure = await world.has_a_complete_draft()
    with pytest.raises(AnswersToCorrect):
        await world.save_answers(world.seen(procedure), {"iban": 28})
    assert (await world.now(procedure)).answers["iban"] == IBAN


async def test_what_is_forwarded_is_what_the_fund_is_told(world):
    procedure = await world.has_a_complete_draft()
    procedure = await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    forwarded = await world.submit(world.seen(procedure), uuid4(), locale=Locale.FRENCH, freshly_logged_in=True)
    told, receipt = world.procedures.told
    assert isinstance(told, Forwarded)
    assert isinstance(receipt, ReceiptDue)
    assert (told.about.submission, told.about.locale) == (1, Locale.FRENCH)
    assert told.answers == {"iban": IBAN, "holder": "Sophie Hoffmann"}
    assert told.attachments == forwarded.attachments
    assert forwarded.locale is Locale.FRENCH


async def test_bank_details_are_forwarded_only_soon_after_a_login(world):
    procedure = await world.has_a_complete_draft()
    with pytest.raises(FreshLoginNeeded) as refused:
        await world.submit(world.seen(procedure), uuid4(), locale=Locale.FRENCH, freshly_logged_in=False)
    assert refused.value.locale is Locale.FRENCH
    certificate = await world.has_started(EHIC)
    forwarded = await world.submit(world.seen(certificate), uuid4(), locale=None, freshly_logged_in=False)
    assert forwarded.status is ProcedureStatus.FORWARDED


async def test_a_repeated_submission_has_one_effect_although_its_version_is_old(world):
    procedure = await world.has_a_complete_draft()
    request = uuid4()
    first = await world.submit(world.seen(procedure, procedure.version), request, locale=None, freshly_logged_in=True)
    again = await world.submit(world.seen(procedure, procedure.version), request, locale=None, freshly_logged_in=True)
    assert again == first
    assert [type(event) for event in world.procedures.told] == [Forwarded, ReceiptDue]


async def test_of_two_submissions_of_one_version_one_wins(world):
    procedure = await world.has_a_complete_draft()
    seen = world.seen(procedure, procedure.version)
    outcomes = await asyncio.gather(
        *(world.submit(seen, uuid4(), locale=None, freshly_logged_in=True) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Procedure", "VersionConflict"]
    assert [type(event) for event in world.procedures.told] == [Forwarded, ReceiptDue]


async def test_a_change_of_an_old_version_is_refused(world):
    procedure = await world.has_a_complete_draft()
    old = world.seen(procedure, procedure.version - 1)
    for step in (world.save_answers(old, {}), world.delete(old), world.remove_attachment(old, uuid4())):
        with pytest.raises(VersionConflict):
            await step


async def test_a_deleted_draft_leaves_nothing(world):
    procedure = await world.has_started()
    await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    await world.delete(world.seen(procedure))
    assert (world.procedures.kept, world.files.kept) == ({}, {})


async def test_a_correction_is_forwarded_and_every_version_is_kept(world):
    procedure = await world.has_forwarded()
    await world.send_back(procedure.id, world.insured, correction())
    with pytest.raises(ForwardedBefore):
        await world.delete(world.seen(procedure))
    await world.save_answers(world.seen(procedure), {"iban": IBAN, "holder": "S. Hoffmann"})
    await world.submit(world.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)
    await world.close(procedure.id, world.insured, approval(submission=2))
    closed = await world.now(procedure)
    assert [submission.answers["holder"] for submission in closed.submissions] == ["Sophie Hoffmann", "S. Hoffmann"]
    assert [move.reason for move in closed.corrections] == ["Der Kontonachweis fehlt."]
    assert [move.actor for move in closed.history] == ["person", "person", "fund", "person", "fund"]
    assert closed.outcome is Ending.APPROVED
    assert [type(event) for event in world.procedures.told] == [Forwarded, ReceiptDue, SentBack, Forwarded, ReceiptDue, Closed]


async def test_what_is_with_the_fund_or_closed_cannot_be_changed(world):
    procedure = await world.has_forwarded()
    with pytest.raises(WithTheFund):
        await world.save_answers(world.seen(procedure), {})
    await world.close(procedure.id, world.insured, approval())
    with pytest.raises(AlreadyClosed):
        await world.delete(world.seen(procedure))


async def test_what_the_fund_says_twice_has_one_effect(world):
    procedure = await world.has_forwarded()
    request = correction()
    for _ in range(2):
        await world.send_back(procedure.id, world.insured, request)
    await world.submit(world.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)
    decision = approval(submission=2)
    for _ in range(2):
        await world.close(procedure.id, world.insured, decision)
    await world.send_back(procedure.id, world.insured, request)
    assert [type(event) for event in world.procedures.told] == [Forwarded, ReceiptDue, SentBack, Forwarded, ReceiptDue, Closed]


async def test_a_second_decision_on_a_closed_procedure_becomes_a_dead_letter(world):
    procedure = await world.has_forwarded()
    await world.close(procedure.id, world.insured, approval())
    with pytest.raises(NotWithTheFund) as wrong:
        await world.close(procedure.id, world.insured, approval())
    assert isinstance(wrong.value, NeverWorks)


async def test_a_decision_on_a_procedure_not_stored_yet_is_tried_later(world):
    with pytest.raises(RetryLater):
        await world.close(uuid4(), world.insured, approval())
    with pytest.raises(RetryLater):
        await world.send_back(uuid4(), world.insured, correction())
