"""The demo persons' leave for family reasons: between them, what the rules make a difference for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_cns_core.domain.demo_families import demo_members
from espace_cns_core.domain.demo_persons import demo_id
from espace_cns_core.domain.family import FamilyMember
from espace_cns_core.domain.leave import Absence, ChildLeave, Leave, LeaveKind, LeaveStatus, Period
from espace_cns_core.domain.person import Person
from espace_contracts.vocabulary import Relation

_FULL_TIME = 480
_HALF_DAY = 240


@dataclass(frozen=True)
class _Facts:
    """What is known of one child; absences without their ids."""

    absences: tuple[tuple[date, date, LeaveKind, LeaveStatus, int | None], ...] = ()
    hospital_stays: tuple[Period, ...] = ()
    special_allowance: tuple[Period, ...] = ()
    other_parents_days: tuple[date, ...] = ()


def demo_leave_of(person: Person) -> Leave:
    """The person's leave for each child."""
    leave = Leave(id=person.id)
    leave.consist_of(tuple(_leave_for(child) for child in demo_members(person) if child.relation is Relation.CHILD))
    return leave


def _leave_for(child: FamilyMember) -> ChildLeave:
    facts = _BY_GIVEN_NAME[child.identity.given_name]
    return ChildLeave(
        child=child.person,
        given_name=child.identity.given_name,
        date_of_birth=child.identity.date_of_birth,
        minutes_of_a_day=_FULL_TIME,
        special_allowance=facts.special_allowance,
        hospital_stays=facts.hospital_stays,
        absences=tuple(
            Absence(
                id=demo_id(f"absence/{child.person}/{first}/{kind}/{status}"),
                first_day=first,
                last_day=last,
                kind=kind,
                status=status,
                minutes_a_day=minutes,
            )
            for first, last, kind, status, minutes in facts.absences
        ),
        other_parents_days=facts.other_parents_days,
    )


_ORDINARY, _ISOLATION, _EXTENSION = LeaveKind.ORDINARY, LeaveKind.ISOLATION, LeaveKind.EXTENSION
_ACCEPTED, _DECLARED, _REFUSED = LeaveStatus.ACCEPTED, LeaveStatus.DECLARED, LeaveStatus.REFUSED

_BY_GIVEN_NAME = {
    "Tom": _Facts(  # 13 on 18 September 2025; in hospital in autumn 2026
        absences=(
            (date(2019, 3, 11), date(2019, 3, 12), _ORDINARY, _ACCEPTED, None),
            (date(2024, 11, 18), date(2024, 11, 18), _ORDINARY, _ACCEPTED, None),  # the same day as for Lina
            (date(2025, 9, 17), date(2025, 9, 18), _ORDINARY, _ACCEPTED, None),  # across the 13th birthday
            (date(2026, 10, 5), date(2026, 10, 7), _ORDINARY, _ACCEPTED, None),
            (date(2026, 10, 8), date(2026, 10, 9), _EXTENSION, _DECLARED, None),
        ),
        hospital_stays=(Period(date(2026, 9, 28), date(2026, 10, 9)),),
    ),
    "Lina": _Facts(  # 4 on 15 December 2026
        absences=(
            (date(2024, 11, 18), date(2024, 11, 20), _ORDINARY, _ACCEPTED, None),
            (date(2025, 1, 20), date(2025, 1, 20), _ORDINARY, _REFUSED, None),
            (date(2025, 2, 3), date(2025, 2, 3), _ORDINARY, _ACCEPTED, _HALF_DAY),
            (date(2025, 9, 22), date(2025, 9, 23), _ISOLATION, _ACCEPTED, None),
            (date(2026, 3, 9), date(2026, 3, 11), _ORDINARY, _ACCEPTED, None),
            (date(2026, 11, 19), date(2026, 11, 20), _ORDINARY, _DECLARED, None),
        ),
        other_parents_days=(date(2026, 3, 11), date(2026, 3, 12)),
    ),
    "Nora": _Facts(  # born on 29 February
        absences=(
            (date(2025, 12, 1), date(2025, 12, 2), _ORDINARY, _ACCEPTED, None),
            (date(2026, 11, 16), date(2026, 11, 16), _ORDINARY, _DECLARED, _HALF_DAY),
        ),
    ),
    "Inês": _Facts(  # with the special supplementary allowance
        absences=((date(2026, 5, 4), date(2026, 5, 8), _ORDINARY, _ACCEPTED, None),),
        special_allowance=(Period(date(2015, 1, 1)),),
    ),
    "Mia": _Facts(absences=((date(2026, 1, 12), date(2026, 1, 12), _ORDINARY, _ACCEPTED, None),)),
}
