from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import InsuredId, Locale, ProcedureStatus
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.domain.appointment import AppointmentStatus
from espace_procedures.domain.events import Closed, Forwarded, ReceiptDue, Withdrawn
from espace_procedures.domain.refusals import (
    AlreadyClosed,
    AnswersToCorrect,
    NotByMandate,
    NotForwardedYet,
    ResidentsOnly,
)
from espace_procedures.domain.status import Actor, Ending

from .conftest import (
    APPOINTMENT,
    APPOINTMENT_ANSWERS,
    BANK,
    CHILD,
    COINSURANCE,
    EHIC,
    ENTITLEMENT,
    NOON,
    ON_FILE,
    SLOT,
    SOPHIE,
    SPOUSE,
    approval,
    correction,
    refusal,
)

GRANTED_APPOINTMENT = {"kind": APPOINTMENT}


async def test_the_list_comes_in_pages_the_one_that_moved_last_first(world):
    started = []
    for kind in (BANK, EHIC, ENTITLEMENT, APPOINTMENT):
        started.append((await world.has_started(kind)).id)
        world.later(timedelta(minutes=1))
    newest, oldest = started[::-1][:3], started[:1]
    first = await world.list_page(world.insured, None, None, 3)
    assert [procedure.id for procedure in first.procedures] == newest
    rest = await world.list_page(world.insured, None, first.last, 3)
    assert ([procedure.id for procedure in rest.procedures], rest.last) == (oldest, None)
    everything = await world.list_page(world.insured, None, None, 4)
    assert everything.last is None


async def test_those_that_moved_in_the_same_moment_are_each_shown_once(world):
    started = {(await world.has_started(kind)).id for kind in (BANK, EHIC, ENTITLEMENT, APPOINTMENT)}
    shown, after = [], None
    while True:
        page = await world.list_page(world.insured, None, after, 1)
        shown += [procedure.id for procedure in page.procedures]
        if (after := page.last) is None:
            break
    assert (len(shown), set(shown)) == (4, started)


async def test_the_list_can_be_of_one_status_and_tells_what_is_unread(world):
    forwarded = await world.has_forwarded()
    await world.has_started(EHIC)
    await world.receive(forwarded.id, world.insured, uuid4(), "Danke.", NOON)
    page = await world.list_page(world.insured, ProcedureStatus.FORWARDED, None, 10)
    assert [procedure.id for procedure in page.procedures] == [forwarded.id]
    assert page.unread == {forwarded.id: 1}
    stranger = await world.list_page(InsuredId(uuid4()), None, None, 10)
    assert (stranger.procedures, stranger.unread, stranger.last) == ([], {}, None)


@pytest.mark.parametrize("sent_back", [False, True])
async def test_what_the_fund_holds_or_sent_back_can_be_withdrawn_once(world, sent_back):
    procedure, request = await world.has_forwarded(), uuid4()
    if sent_back:
        await world.send_back(procedure.id, world.insured, correction())
    seen = world.seen(procedure, (await world.now(procedure)).version)
    for _ in range(2):  # the repeat still names the version it began with
        withdrawn = await world.withdraw(seen, request)
    assert (withdrawn.status, withdrawn.outcome) == (ProcedureStatus.CLOSED, Ending.WITHDRAWN)
    assert [type(event) for event in world.procedures.told].count(Withdrawn) == 1
    with pytest.raises(AlreadyClosed):
        await world.withdraw(world.seen(procedure), uuid4())
    assert (await world.has_started()).id != procedure.id


async def test_a_draft_cannot_be_withdrawn_and_nobody_withdraws_anothers_or_an_old_version(world):
    procedure = await world.has_a_complete_draft()
    with pytest.raises(NotForwardedYet):
        await world.withdraw(world.seen(procedure), uuid4())
    await world.submits(procedure)
    with pytest.raises(NoSuchProcedure):
        await world.withdraw(AsSeen(procedure.id, InsuredId(uuid4())), uuid4())
    with pytest.raises(VersionConflict):
        await world.withdraw(world.seen(procedure, procedure.version), uuid4())
    assert (await world.now(procedure)).status is ProcedureStatus.FORWARDED


@pytest.mark.parametrize("say", [approval, refusal])
async def test_a_decision_that_crosses_a_withdrawal_is_ignored(world, say):
    procedure = await world.has_forwarded()
    await world.withdraw(world.seen(procedure), uuid4())
    await world.close(procedure.id, world.insured, say())
    await world.send_back(procedure.id, world.insured, correction())
    assert (await world.now(procedure)).outcome is Ending.WITHDRAWN
    assert [type(event) for event in world.procedures.told] == [Forwarded, ReceiptDue, Withdrawn]


async def test_a_withdrawal_that_comes_after_the_decision_is_refused(world):
    procedure = await world.has_forwarded()
    decided = await world.now(procedure)
    decided.close(approval(), NOON)
    world.procedures.before_next_save.append(decided)
    with pytest.raises(VersionConflict):
        await world.withdraw(world.seen(procedure), uuid4())
    assert [type(event) for event in world.procedures.told] == [Forwarded, ReceiptDue, Closed]


async def test_a_time_is_held_from_the_submission_on_and_freed_by_the_withdrawal(world):
    procedure = await world.has_asked_for_an_appointment()
    held = world.appointments.kept[procedure.id]
    assert (held.status, held.slot.starts_at.isoformat()) == (AppointmentStatus.REQUESTED, SLOT)
    await world.withdraw(world.seen(procedure), uuid4())
    assert world.appointments.kept == {}


async def test_a_refused_appointment_frees_its_time_also_when_the_refusal_is_repeated(world):
    procedure, decision = await world.has_asked_for_an_appointment(), refusal()
    await world.close(procedure.id, world.insured, decision)
    assert world.appointments.kept == {}
    await world.close(procedure.id, world.insured, decision)
    assert (await world.now(procedure)).outcome is Ending.REFUSED


async def test_a_granted_appointment_keeps_its_time_also_when_the_decision_is_repeated(world):
    procedure, decision = await world.has_asked_for_an_appointment(), approval(1, GRANTED_APPOINTMENT)
    for _ in range(2):
        await world.close(procedure.id, world.insured, decision)
    assert world.appointments.kept[procedure.id].status is AppointmentStatus.CONFIRMED
    *_, closed = world.procedures.told
    [confirmation] = closed.documents
    assert (confirmation.starts_at.isoformat(), confirmation.agency_name) == (SLOT, "Luxembourg")
    assert confirmation.procedure_reference == procedure.reference


async def test_a_decision_that_meets_a_withdrawal_on_its_way_leaves_no_time_held(world):
    procedure, decision = await world.has_asked_for_an_appointment(), approval(1, GRANTED_APPOINTMENT)
    withdrawn = await world.now(procedure)
    withdrawn.withdraw(uuid4(), NOON)
    world.procedures.before_next_save.append(withdrawn)
    with pytest.raises(VersionConflict):
        await world.close(procedure.id, world.insured, decision)
    await world.close(procedure.id, world.insured, decision)
    assert world.appointments.kept == {}
    assert (await world.now(procedure)).outcome is Ending.WITHDRAWN


async def test_a_time_that_somebody_else_has_keeps_the_draft_from_being_forwarded(world):
    for _ in range(world.appointments.counters):
        world.insured = InsuredId(uuid4())
        await world.has_asked_for_an_appointment()
    world.insured = InsuredId(uuid4())
    with pytest.raises(AnswersToCorrect) as refused:
        await world.has_asked_for_an_appointment()
    assert [finding.field for finding in refused.value.findings] == ["slot"]
    assert (await world.procedures.open_one(world.insured, APPOINTMENT)).status is ProcedureStatus.IN_PREPARATION


async def test_of_two_tabs_that_ask_for_different_times_the_one_that_was_forwarded_has_its_time(world):
    procedure = await world.has_started(APPOINTMENT)
    procedure = await world.save_answers(world.seen(procedure), APPOINTMENT_ANSWERS | {"slot": "2026-03-12T10:30:00Z"})
    other = await world.now(procedure)
    other.save_answers(APPOINTMENT_ANSWERS, NOON)
    other.submit(uuid4(), other.situation(ON_FILE, NOON))
    world.procedures.before_next_save.append(other)
    with pytest.raises(VersionConflict):
        await world.submits(procedure)
    assert world.appointments.kept[procedure.id].slot.starts_at.isoformat() == SLOT


async def test_an_answer_that_was_changed_meanwhile_leaves_the_submission_undone(world):
    procedure = await world.has_started(APPOINTMENT)
    procedure = await world.save_answers(world.seen(procedure), APPOINTMENT_ANSWERS)
    world.procedures.before_next_save.append(await world.now(procedure))
    with pytest.raises(VersionConflict):
        await world.submits(procedure)
    assert (await world.now(procedure)).status is ProcedureStatus.IN_PREPARATION
    await world.submits(procedure)
    assert len(world.appointments.kept) == 1


@pytest.mark.parametrize("residence", ["FR", "DE"])
async def test_a_certificate_for_residents_tells_others_where_to_go(world, residence):
    world.records.known[world.insured] = replace(ON_FILE, person=replace(SOPHIE, residence=residence))
    with pytest.raises(ResidentsOnly) as refused:
        await world.start(uuid4(), world.insured, COINSURANCE, Locale.FRENCH)
    assert "fund of your place of residence" in refused.value.says.message
    assert (await world.has_started(EHIC)).status is ProcedureStatus.IN_PREPARATION


@pytest.mark.parametrize("on_file", [replace(ON_FILE, person=None), replace(ON_FILE, person=replace(SOPHIE, residence=None)), ON_FILE])
async def test_who_is_not_known_to_live_abroad_may_ask_and_the_fund_decides(world, on_file):
    world.records.known[world.insured] = on_file
    procedure = await world.has_started(COINSURANCE)
    assert procedure.answers == {"persons": f"{SPOUSE} {CHILD}"}


async def test_who_moves_abroad_before_forwarding_is_told_then(world):
    world.records.known[world.insured] = ON_FILE
    procedure = await world.has_started(COINSURANCE)
    world.records.known[world.insured] = replace(ON_FILE, person=replace(SOPHIE, residence="BE"))
    with pytest.raises(ResidentsOnly):
        await world.submits(procedure)


async def test_a_person_whose_coinsurance_ended_meanwhile_can_no_longer_be_named(world):
    world.records.known[world.insured] = ON_FILE
    procedure = await world.has_started(COINSURANCE)
    world.records.known[world.insured] = replace(ON_FILE, family=ON_FILE.family[1:])
    with pytest.raises(AnswersToCorrect) as refused:
        await world.submits(procedure)
    assert [finding.field for finding in refused.value.findings] == ["persons"]


async def test_the_holder_of_a_mandate_acts_by_name_and_never_changes_bank_details(world):
    bank = await world.has_a_complete_draft()
    by_mandate = AsSeen(bank.id, world.insured, actor=Actor.REPRESENTATIVE)
    with pytest.raises(NotByMandate):
        await world.submit(by_mandate, uuid4(), locale=None, freshly_logged_in=True)
    certificate = await world.start(uuid4(), world.insured, EHIC, Locale.GERMAN, Actor.REPRESENTATIVE)
    by_mandate = AsSeen(certificate.id, world.insured, actor=Actor.REPRESENTATIVE)
    forwarded = await world.submit(by_mandate, uuid4(), locale=None, freshly_logged_in=False)
    withdrawn = await world.withdraw(by_mandate, uuid4())
    assert [move.actor for move in withdrawn.history] == [Actor.REPRESENTATIVE] * 3
    assert forwarded.submissions[0].answers == {"persons": str(world.insured)}


async def test_what_is_asked_for_without_login_stands_in_nobodys_way(world):
    own = await world.has_started(EHIC)
    without = type(own).start(uuid4(), world.insured, EHIC, Locale.FRENCH, on_file=ON_FILE, at=NOON, with_login=False)
    assert (without.answers, without.on_file, without.open_key) == ({}, {}, None)
    without.submit(uuid4(), without.situation(ON_FILE, NOON))
    assert without.recorded[0].about.with_login is False
    assert await world.procedures.add(without)
    bank = type(own).start(uuid4(), world.insured, BANK, Locale.FRENCH, on_file=ON_FILE, at=NOON, with_login=False)
    assert bank.with_login is False
    assert bank.answers == {}
