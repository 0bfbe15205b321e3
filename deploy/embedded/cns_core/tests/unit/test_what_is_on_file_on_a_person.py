from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_cns_core.app.not_on_file import NotOnFile
from espace_cns_core.domain.demo_files import demo_files
from espace_cns_core.domain.family import FamilyOnFile
from espace_cns_core.domain.leave import Absence, ChildLeave, LeaveKind, LeaveOnFile, LeaveStatus, Period
from espace_cns_core.domain.person import FileOpened
from espace_cns_core.domain.reimbursement import ReimbursementLine, Settled, refund
from espace_cns_core.domain.synthetic_files import FAMILIES, synthetic_files
from espace_cns_core.events.outgoing import contract_of
from espace_contracts.vocabulary import Relation
from espace_kernel.outcomes import VersionConflict

from .conftest import TODAY
from .test_persons import is_valid

SOPHIE = "1983081246785"


def line(**changed):
    usual = {
        "patient": uuid4(), "patient_name": "Mia Hoffmann", "supplier": "Dr Anne Muller", "service_code": "C1",
        "service_on": date(2026, 1, 9),
        "invoiced": 6000, "tariff": 5260, "participation": 631, "refunded": 4629,
    }  # fmt: skip
    return ReimbursementLine(**(usual | changed))


def leave_for(child):
    return ChildLeave(
        child=child, given_name="Mia", date_of_birth=date(2015, 6, 10), minutes_of_a_day=480, hospital_stays=(Period(date(2026, 1, 2)),),
        absences=(Absence(id=uuid4(), first_day=date(2026, 1, 5), last_day=date(2026, 1, 6), minutes_a_day=240),),
    )  # fmt: skip


async def test_a_family_put_on_file_is_told_whole_with_the_next_revision(fund, person, mia):
    await fund.knows(person)
    assert await fund.do.record_family(person.id, (mia,)) == 2
    told = contract_of(fund.families.told[-1])
    assert (told.insured, told.revision) == (person.id, 2)
    (member,) = told.members
    assert (member.person, member.matricule, member.relation, member.represented) == (mia.person, "2015061004565", Relation.CHILD, True)


async def test_the_first_family_and_leave_have_revision_one(fund, person, mia):
    await fund.persons.add(person)
    assert await fund.do.record_family(person.id, (mia,)) == 1
    assert [await fund.do.record_leave(person.id, (leave_for(mia.person),)) for _ in range(2)] == [1, 2]
    told = contract_of(fund.leaves.told[-1])
    (child,) = told.children
    assert (told.revision, child.child, child.hospital_stays[0].last_day) == (2, mia.person, None)
    assert (child.absences[0].kind, child.absences[0].status, child.absences[0].minutes_a_day) == ("ordinary", "accepted", 240)


async def test_two_who_put_the_first_family_or_leave_on_file_at_once_do_not_overwrite_each_other(fund, person, mia, monkeypatch):
    await fund.knows(person, mia)
    await fund.do.record_leave(person.id, ())

    async def not_seen_yet(_insured):
        return None

    monkeypatch.setattr(fund.families, "get", not_seen_yet)
    monkeypatch.setattr(fund.leaves, "get", not_seen_yet)
    with pytest.raises(VersionConflict):
        await fund.do.record_family(person.id, ())
    with pytest.raises(VersionConflict):
        await fund.do.record_leave(person.id, ())
    assert fund.families.kept[person.id].members == (mia,)


async def test_a_reimbursement_is_settled_once_and_paid_to_the_account_on_file(fund, person):
    await fund.knows(person)
    number = uuid4()
    settled = await fund.do.settle_reimbursement(number, person.id, (line(),))
    again = await fund.do.settle_reimbursement(number, person.id, (line(), line()))
    assert (again.id, again.lines) == (settled.id, settled.lines)
    (event,) = fund.reimbursements.told
    told = contract_of(event)
    assert (told.insured, told.reimbursement, told.settled_on) == (person.id, number, TODAY)
    assert told.paid_to_iban_masked == "LU12 •••• •••• •••• 7891"
    assert [(row.tariff_cents, row.participation_cents, row.refunded_cents) for row in told.lines] == [(5260, 631, 4629)]


async def test_nothing_is_put_on_file_of_a_person_who_is_not(fund, person, mia):
    with pytest.raises(NotOnFile):
        await fund.do.record_family(person.id, (mia,))
    with pytest.raises(NotOnFile):
        await fund.do.record_leave(person.id, ())
    with pytest.raises(NotOnFile):
        await fund.do.settle_reimbursement(uuid4(), person.id, (line(),))
    person.accounts = ()
    await fund.knows(person)
    with pytest.raises(NotOnFile):
        await fund.do.settle_reimbursement(uuid4(), person.id, (line(),))


@pytest.mark.parametrize(
    ("tariff", "percent", "cents"), [(5260, 88, 4629), (5250, 88, 4620), (1, 50, 1), (3, 50, 2), (100, 0, 0), (99, 100, 99)]
)
def test_half_a_cent_is_rounded_up(tariff, percent, cents):
    assert refund(tariff, percent) == cents


@given(st.integers(0, 10**7), st.integers(0, 100))
def test_a_refund_is_never_more_than_the_tariff(tariff, percent):
    assert 0 <= refund(tariff, percent) <= tariff
    assert abs(refund(tariff, percent) * 100 - tariff * percent) <= 50


def test_the_demonstration_has_a_family_with_what_the_rules_make_a_difference_for():
    sophie = next(file for file in demo_files() if file.person.identity.matricule == SOPHIE)
    assert [member.relation for member in sophie.members] == [Relation.SPOUSE, Relation.CHILD, Relation.CHILD]
    children = {child.given_name: child for child in sophie.leaves[0].children}
    assert children["Tom"].hospital_stays
    assert children["Lina"].date_of_birth == date(2022, 12, 15)
    kinds = {(absence.kind, absence.status) for child in children.values() for absence in child.absences}
    assert {kind for kind, _ in kinds} == set(LeaveKind)
    assert {status for _, status in kinds} == set(LeaveStatus)
    assert len(sophie.reimbursements) == 25
    days = [reimbursement.settled_on for reimbursement in sophie.reimbursements]
    assert (days[-1] - days[0]).days in range(600, 731)


def test_every_demo_person_has_a_family_and_leave_on_file_even_if_empty():
    for file in demo_files():
        assert file.families[0].id == file.leaves[0].id == file.person.id


def test_the_demonstration_is_the_same_in_every_run_and_its_amounts_add_up():
    first, second = list(demo_files()), list(demo_files())
    assert first == second
    ids = [aggregate.id for file in first for aggregate in (file.person, *file.relatives, *file.reimbursements)]
    assert len(ids) == len(set(ids))
    for file in first:
        for reimbursement in file.reimbursements:
            assert reimbursement.recorded == [Settled(reimbursement)]
            assert all(row.refunded == row.tariff - row.participation for row in reimbursement.lines)


@pytest.mark.parametrize("files", [tuple(demo_files()), tuple(synthetic_files(3, 999, family=True))], ids=["demo", "synthetic"])
def test_relatives_are_persons_on_file_with_matricules_of_their_own(files):
    persons = {person.id: person for file in files for person in (file.person, *file.relatives)}
    matricules = [person.identity.matricule for person in persons.values()]
    assert len(set(matricules)) == len(matricules)
    for file in files:
        for member in file.members:
            assert is_valid(member.identity.matricule)
            assert persons[member.person].identity == member.identity
            assert persons[member.person].address == file.person.address
            assert member.represented is (member.relation is Relation.CHILD)


def test_a_spouse_represents_the_same_children_without_insuring_them():
    sophie = next(file for file in demo_files() if file.person.identity.matricule == SOPHIE)
    _, of_marc = sophie.families
    assert of_marc.id == sophie.members[0].person
    assert [(member.person, member.represented, member.coinsured_from) for member in of_marc.members] == [
        (sophie.person.id, False, None),
        *((child.person, True, None) for child in sophie.members[1:]),
    ]


def test_the_last_synthetic_family_still_has_matricules_of_its_own():
    (last,) = synthetic_files(1, FAMILIES - 1, family=True)
    (first,) = synthetic_files(1, 0, family=True)
    assert {member.identity.matricule for member in last.members}.isdisjoint(member.identity.matricule for member in first.members)
    assert all(is_valid(member.identity.matricule) for member in last.members)


async def test_a_family_is_put_on_file_with_its_persons_once(fund):
    for _ in range(2):
        await fund.do.record_persons(synthetic_files(2, family=True))
    assert len([event for event in fund.persons.told if isinstance(event, FileOpened)]) == 8
    assert [type(event) for event in fund.families.told] == [FamilyOnFile, FamilyOnFile]


async def test_the_whole_demonstration_is_told_once(fund):
    for new in (12, 0):
        assert await fund.do.record_persons(demo_files()) == new
    assert len([event for event in fund.leaves.told if isinstance(event, LeaveOnFile)]) == 12
    assert len(fund.reimbursements.told) == 38
    for event in (*fund.persons.told, *fund.families.told, *fund.leaves.told, *fund.reimbursements.told):
        contract_of(event)
