from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from espace_contracts.events import ChildLeave, FamilyLeaveRecorded, FamilyMember, FamilyRecorded, LeaveAbsence, Period
from espace_contracts.vocabulary import InsuredId, Relation
from espace_kernel.outcomes import NeverWorks
from espace_records.app.show_snapshot import NotOnFile
from espace_records.domain.leave.child_leave import LeaveKind, LeaveStatus
from espace_records.events.incoming import keep_the_family, keep_the_leave

from .conftest import SOPHIE, TODAY, TOLD, received

MIA = InsuredId(uuid4())


def member(**changed):
    usual = {
        "person": MIA, "matricule": "2015061004565", "given_name": "Mia", "family_name": "Weber", "date_of_birth": date(2015, 6, 10),
        "relation": Relation.CHILD, "coinsured_from": date(2015, 6, 10), "coinsured_until": None, "represented": True,
    }  # fmt: skip
    return FamilyMember(**(usual | changed))


def leave_told(revision=1, **changed):
    absence = {
        "id": uuid4(), "first_day": date(2026, 2, 2), "last_day": date(2026, 2, 3),
        "kind": "extension", "status": "declared", "minutes_a_day": 240,
    }  # fmt: skip
    child = ChildLeave(
        child=MIA, given_name="Mia", date_of_birth=date(2015, 6, 10), minutes_of_a_day=480, hospital_stays=(),
        special_allowance=(Period(first_day=date(2026, 1, 1), last_day=None),), absences=(LeaveAbsence(**(absence | changed)),),
        other_parents_days=(date(2026, 2, 2),),
    )  # fmt: skip
    return received(FamilyLeaveRecorded(insured=SOPHIE, revision=revision, children=(child,)))


async def test_the_family_is_shown_as_the_fund_told_it(do):
    await keep_the_family(received(FamilyRecorded(insured=SOPHIE, revision=3, members=(member(),))), do)
    shown = await do.show_family(SOPHIE)
    (mia,) = shown.told.says.members
    assert (shown.told.revision, shown.told.as_of, shown.today) == (3, TOLD, TODAY)
    assert (mia.person, mia.relation, mia.represented, mia.masked_matricule) == (MIA, Relation.CHILD, True, "••••••••••565")


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, False),
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 3), None, False),
        (date(2020, 1, 1), date(2026, 3, 2), True),
        (date(2020, 1, 1), date(2026, 3, 1), False),
        (date(2020, 1, 1), None, True),
    ],
)
async def test_a_coinsurance_holds_from_its_first_to_its_last_day(do, first, last, holds):
    told = FamilyRecorded(insured=SOPHIE, revision=1, members=(member(coinsured_from=first, coinsured_until=last),))
    await keep_the_family(received(told), do)
    shown = await do.show_family(SOPHIE)
    assert shown.told.says.members[0].is_coinsured_on(shown.today) is holds


async def test_a_family_may_lose_its_last_member(do):
    for revision, members in ((1, (member(),)), (2, ())):
        await keep_the_family(received(FamilyRecorded(insured=SOPHIE, revision=revision, members=members)), do)
    assert (await do.show_family(SOPHIE)).told.says.members == ()


async def test_the_leave_is_what_the_fund_told_and_is_shown_for_today_or_another_day(do):
    await keep_the_leave(leave_told(), do)
    today, later = await do.show_leave(SOPHIE, None), await do.show_leave(SOPHIE, date(2029, 1, 1))
    assert (today.on, today.as_of, later.on) == (TODAY, TOLD, date(2029, 1, 1))
    (mia,) = today.children
    (absence,) = mia.child.absences
    assert (absence.kind, absence.status, absence.minutes_a_day) == (LeaveKind.EXTENSION, LeaveStatus.DECLARED, 240)
    assert (mia.usable, mia.extension.pending, mia.conflicts) == (36 * 480, 480, (date(2026, 2, 2),))
    assert later.children[0].usable == 10 * 480


async def test_leave_of_impossible_days_is_not_kept(do):
    with pytest.raises(NeverWorks):
        await keep_the_leave(leave_told(last_day=date(2026, 2, 1)), do)
    with pytest.raises(NotOnFile):
        await do.show_leave(SOPHIE, None)


async def test_the_highest_revision_of_the_leave_is_shown(do):
    second = leave_told(2, minutes_a_day=120)
    for told in (second, leave_told(1), second):
        await keep_the_leave(told, do)
    assert (await do.show_leave(SOPHIE, None)).children[0].child.absences[0].minutes_a_day == 120


async def test_nobody_sees_anothers_family(do):
    await keep_the_family(received(FamilyRecorded(insured=SOPHIE, revision=1, members=(member(),))), do)
    await keep_the_leave(leave_told(), do)
    with pytest.raises(NotOnFile):
        await do.show_family(MIA)
    with pytest.raises(NotOnFile):
        await do.show_leave(MIA, None)
