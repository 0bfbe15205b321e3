"""A time at an agency: held from the submission on, by nobody else, and given back by rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.contents import AppointmentConfirmation, AppointmentNotCancelled
from espace_contracts.vocabulary import InsuredId, Locale
from espace_kernel.outcomes import RetryLater, VersionConflict
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.app.cancel_appointment import CancelAppointment
from espace_procedures.app.confirm_appointment import ConfirmAppointment
from espace_procedures.app.find_slots import FindSlots
from espace_procedures.app.free_slot import FreeSlot
from espace_procedures.app.move_appointment import MoveAppointment
from espace_procedures.app.my_appointment import MyAppointment, NoSuchAppointment
from espace_procedures.app.read_appointment import ReadAppointment
from espace_procedures.app.sweep_slots import SweepSlots
from espace_procedures.domain.agencies import AGENCIES
from espace_procedures.domain.appointment import AppointmentStatus, Moved, NotCancelled, Slot
from espace_procedures.domain.appointment_refusals import (
    AppointmentOver,
    CancelledBefore,
    CannotBeCancelled,
    CannotBeMoved,
    NotConfirmedYet,
)
from espace_procedures.domain.refusals import AnswersToCorrect
from espace_procedures.events.outgoing_appointments import contract_of_appointment

from .conftest import APPOINTMENT, APPOINTMENT_ANSWERS, BANK, IBAN, NOON, Diary, draft

START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
LATER = "2026-03-12T09:20:00+00:00"
AT = {"agency": "mersch", "slot": START.isoformat()}
"""An agency with one counter; a Thursday at 10:00."""


class Desk:
    """The appointments of the CNS, and a clock."""

    def __init__(self) -> None:
        self.now, self.diary, self.insured = NOON, Diary(), InsuredId(uuid4())
        self.book, self.free = BookSlot(self.diary, self.clock), FreeSlot(self.diary)
        self.confirm = ConfirmAppointment(self.diary)
        self.move, self.cancel = MoveAppointment(self.diary, self.clock), CancelAppointment(self.diary, self.clock)
        self.find, self.read = FindSlots(self.diary, self.clock), ReadAppointment(self.diary)
        self.sweep = SweepSlots(self.diary, self.clock)

    def clock(self) -> datetime:
        return self.now

    def asked_for(self, **answers: str):
        return draft(APPOINTMENT, Locale.GERMAN, APPOINTMENT_ANSWERS | AT | answers)

    async def booked(self, **answers: str) -> MyAppointment:
        procedure = self.asked_for(**answers)
        await self.book(procedure, self.insured)
        return MyAppointment(procedure.id, self.insured)

    async def confirmed(self, **answers: str) -> MyAppointment:
        mine = await self.booked(**answers)
        await self.confirm(mine.appointment)
        return mine

    async def status(self, mine: MyAppointment) -> AppointmentStatus:
        return (await self.read(mine)).status

    async def free_at(self, agency: str = "mersch") -> list[datetime]:
        found = await self.find(AGENCIES.agencies[agency], (START.date(), START.date()))
        return [slot.starts_at for slot in found]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_booked_slot_is_offered_to_nobody_else(desk):
    assert START in await desk.free_at()
    await desk.booked()
    assert START not in await desk.free_at()
    with pytest.raises(AnswersToCorrect) as refusal:
        await desk.booked()
    [finding] = refusal.value.findings
    assert finding.field == "slot"
    assert "taken by somebody else" in finding.sentence.message


async def test_an_agency_receives_as_many_at_once_as_it_has_counters(desk):
    start = START + timedelta(minutes=10)
    there = {"agency": "luxembourg", "slot": start.isoformat()}
    for left in (3, 2, 1):
        await desk.booked(**there)
        [slot] = [slot for slot in await desk.find(AGENCIES.agencies["luxembourg"], (START.date(),) * 2) if slot.starts_at == start]
        assert slot.free == left
    await desk.booked(**there)
    with pytest.raises(AnswersToCorrect):
        await desk.booked(**there)
    assert len({kept.slot_key for kept in desk.diary.kept.values()}) == 4


async def test_nothing_is_offered_on_a_day_without_slots(desk):
    assert await desk.find(AGENCIES.agencies["mersch"], (date(2026, 3, 8), date(2026, 3, 8))) == []


async def test_other_procedures_hold_no_slot(desk):
    await desk.book(draft(BANK, answers={"iban": IBAN}), desk.insured)
    assert desk.diary.kept == {}


async def test_a_procedure_that_is_submitted_again_holds_one_slot(desk):
    procedure = desk.asked_for()
    await desk.book(procedure, desk.insured)
    await desk.book(procedure, desk.insured)
    procedure.answers |= {"slot": LATER, "subject": "sick_leave"}
    await desk.book(procedure, desk.insured)
    [kept] = desk.diary.kept.values()
    assert kept.slot == Slot("mersch", START + timedelta(minutes=20))
    assert kept.subject == "sick_leave"
    assert START in await desk.free_at()
    assert desk.diary.told == [], "nobody was told of a time that is not the person's any more"


async def test_a_procedure_keeps_its_slot_when_the_other_is_taken(desk):
    procedure = desk.asked_for()
    await desk.book(procedure, desk.insured)
    await desk.booked(slot=LATER)
    procedure.answers |= {"slot": LATER}
    with pytest.raises(AnswersToCorrect):
        await desk.book(procedure, desk.insured)
    assert desk.diary.kept[procedure.id].slot.starts_at == START


async def test_two_first_submissions_of_one_procedure_at_once_hold_one_slot(desk):
    """The other one comes between the look and the taking."""
    procedure = desk.asked_for()
    look = desk.diary.of

    async def of(procedure_id):
        desk.diary.of = look
        found = await look(procedure_id)
        await desk.book(procedure, desk.insured)
        return found

    desk.diary.of = of
    await desk.book(procedure, desk.insured)
    assert len(desk.diary.kept) == 1


@pytest.mark.parametrize("answers", [{"slot": "2026-03-01T09:00:00+00:00"}, {"subject": "reimbursement", "mode": "video"}])
async def test_what_cannot_be_booked_holds_nothing(desk, answers):
    with pytest.raises(AnswersToCorrect):
        await desk.booked(**answers)
    assert desk.diary.kept == {}


async def test_withdrawing_or_refusing_gives_the_slot_back_and_may_be_repeated(desk):
    mine = await desk.booked()
    for _ in range(2):
        await desk.free(mine.appointment)
    assert desk.diary.kept == {}
    assert START in await desk.free_at()


async def test_a_confirmation_that_crossed_the_withdrawal_is_forgotten_with_it(desk):
    mine = await desk.confirmed()
    await desk.free(mine.appointment)
    assert START in await desk.free_at()


async def test_the_confirmation_says_when_and_where_in_the_persons_language(desk):
    mine = await desk.booked(subject="care_abroad")
    for _ in range(2):
        confirmation = (await desk.confirm(mine.appointment)).confirmation()
    assert (confirmation.agency_name, confirmation.subject) == ("Mersch", "Behandlung im Ausland")
    assert (confirmation.starts_at, confirmation.minutes) == (START, 20)
    assert confirmation.cancel_until == START - timedelta(hours=24)


async def test_an_appointment_that_is_not_there_is_granted_later_or_not_at_all(desk):
    with pytest.raises(RetryLater):
        await desk.confirm(uuid4())


async def test_a_moved_appointment_is_confirmed_anew_once(desk):
    mine, request = await desk.confirmed(), uuid4()
    for _ in range(2):
        moved = await desk.move(mine, LATER, request)
        assert moved.slot.starts_at == START + timedelta(minutes=20)
    [event] = desk.diary.told
    assert isinstance(event, Moved)
    ordered = contract_of_appointment(event)
    assert (ordered.insured, ordered.procedure, ordered.locale) == (desk.insured, mine.appointment, Locale.GERMAN)
    assert isinstance(ordered.document.content, AppointmentConfirmation)
    assert ordered.document.content.starts_at == moved.slot.starts_at
    assert not ordered.document.by_post
    assert START in await desk.free_at()


async def test_moving_to_where_it_is_changes_nothing(desk):
    mine = await desk.confirmed()
    await desk.move(mine, START.isoformat(), uuid4())
    assert desk.diary.told == []


@pytest.mark.parametrize("start", ["soon", "2026-03-13T09:00:00+00:00", "2026-03-01T09:00:00+00:00", LATER])
async def test_an_appointment_is_not_moved_to_a_time_that_is_not_offered(desk, start):
    mine = await desk.confirmed()
    await desk.booked(slot=LATER)
    with pytest.raises(AnswersToCorrect) as refusal:
        await desk.move(mine, start, uuid4())
    assert [finding.field for finding in refusal.value.findings] == ["slot"]
    assert (await desk.read(mine)).slot.starts_at == START


async def test_a_cancelled_appointment_frees_its_slot(desk):
    mine = await desk.confirmed()
    await desk.cancel(mine)
    assert await desk.status(mine) is AppointmentStatus.CANCELLED
    assert START in await desk.free_at()
    for step in (desk.cancel(mine), desk.move(mine, LATER, uuid4())):
        with pytest.raises(CancelledBefore):
            await step


async def test_what_the_fund_has_not_answered_can_only_be_withdrawn(desk):
    mine = await desk.booked()
    for step in (desk.cancel(mine), desk.move(mine, LATER, uuid4())):
        with pytest.raises(NotConfirmedYet):
            await step


async def test_too_late_to_cancel_is_confirmed_by_one_document(desk):
    mine = await desk.confirmed()
    desk.now = START - timedelta(hours=23, minutes=59)
    for _ in range(3):
        with pytest.raises(CannotBeCancelled):
            await desk.cancel(mine)
    assert await desk.status(mine) is AppointmentStatus.CONFIRMED
    [event] = desk.diary.told
    assert isinstance(event, NotCancelled)
    content = contract_of_appointment(event).document.content
    assert isinstance(content, AppointmentNotCancelled)
    assert (content.asked_at, content.cancel_until) == (desk.now, START - timedelta(hours=24))


async def test_too_late_to_move_leads_to_no_document(desk):
    mine = await desk.confirmed()
    desk.now = START - timedelta(hours=23)
    with pytest.raises(CannotBeMoved):
        await desk.move(mine, LATER, uuid4())
    assert desk.diary.told == []


async def test_the_cut_off_itself_is_still_in_time(desk):
    mine = await desk.confirmed()
    desk.now = START - timedelta(hours=24)
    await desk.cancel(mine)
    assert await desk.status(mine) is AppointmentStatus.CANCELLED


async def test_what_has_passed_stays_as_it_was(desk):
    mine = await desk.confirmed()
    desk.now = START
    for step in (desk.cancel(mine), desk.move(mine, LATER, uuid4())):
        with pytest.raises(AppointmentOver):
            await step
    assert desk.diary.told == []


async def test_somebody_elses_appointment_is_none(desk):
    mine = await desk.confirmed()
    other = MyAppointment(mine.appointment, InsuredId(uuid4()))
    for step in (desk.read(other), desk.cancel(other), desk.move(other, LATER, uuid4()), desk.read(MyAppointment(uuid4(), desk.insured))):
        with pytest.raises(NoSuchAppointment):
            await step


async def test_an_appointment_without_login_is_nobodys_online(desk):
    procedure = desk.asked_for()
    await desk.book(procedure, None)
    assert await desk.diary.all_of(desk.insured) == []
    with pytest.raises(NoSuchAppointment):
        await desk.read(MyAppointment(procedure.id, desk.insured))


async def test_a_change_of_a_version_that_is_no_longer_current_is_refused(desk):
    mine = await desk.confirmed()
    stale = MyAppointment(mine.appointment, mine.insured, 1)
    for step in (desk.cancel(stale), desk.move(stale, LATER, uuid4())):
        with pytest.raises(VersionConflict):
            await step
    await desk.cancel(MyAppointment(mine.appointment, mine.insured, 2))


async def test_a_slot_without_a_procedure_is_swept_free_after_a_while(desk):
    mine = await desk.booked()
    assert await desk.sweep() == 0
    desk.now += timedelta(minutes=11)
    assert await desk.sweep() == 1
    assert mine.appointment not in desk.diary.kept
    assert await desk.sweep() == 0


async def test_a_slot_that_is_booked_anew_is_not_swept(desk):
    mine = await desk.booked()
    desk.now += timedelta(minutes=11)
    stale = [appointment async for appointment in desk.diary.unfounded(desk.now)]
    await desk.confirm(mine.appointment)

    async def unfounded(_before):
        for appointment in stale:
            yield appointment

    desk.diary.unfounded = unfounded
    assert await desk.sweep() == 0
    assert mine.appointment in desk.diary.kept


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["book", "move", "cancel", "free", "confirm"]), st.integers(0, 2)), max_size=30)
)
async def test_whatever_persons_do_no_counter_is_held_twice(steps):
    desk, procedures = Desk(), [draft(APPOINTMENT, Locale.FRENCH, APPOINTMENT_ANSWERS | AT) for _ in range(4)]
    for who, what, when in steps:
        procedure, start = procedures[who], (START + timedelta(minutes=20 * when)).isoformat()
        mine = MyAppointment(procedure.id, desk.insured)
        procedure.answers["slot"] = start
        act = {
            "book": lambda p=procedure: desk.book(p, desk.insured),
            "move": lambda m=mine, s=start: desk.move(m, s, uuid4()),
            "cancel": lambda m=mine: desk.cancel(m),
            "free": lambda m=mine: desk.free(m.appointment),
            "confirm": lambda m=mine: desk.confirm(m.appointment),
        }[what]
        try:
            await act()
        except (AnswersToCorrect, NoSuchAppointment, NotConfirmedYet, CancelledBefore, RetryLater):
            continue
        held = [kept.slot for kept in desk.diary.kept.values() if kept.slot_key]
        assert len(set(held)) == len(held), "the agency has one counter"
        assert all((kept.slot_key is None) == (kept.status is AppointmentStatus.CANCELLED) for kept in desk.diary.kept.values())
