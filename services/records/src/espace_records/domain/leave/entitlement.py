from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from espace_records.domain.leave.age_band import AgeBand, band_on
from espace_records.domain.leave.child_leave import ChildLeave


class Rule(StrEnum):
    """Why a day can, or cannot, be taken as leave for a child."""

    AGE = "age"
    """The child is under 13."""
    HOSPITAL = "hospital"
    """From 13 to 17, and in hospital on that day."""
    ALLOWANCE = "allowance"
    """The special supplementary allowance doubles the days and lifts the limit of age, and asks for no hospital."""
    NOT_IN_HOSPITAL = "not_in_hospital"
    """From 13 to 17, and not in hospital on that day."""
    OF_AGE = "of_age"
    """18 or older, without the allowance."""
    NOT_BORN = "not_born"
    """Before the child's birth."""

    @property
    def usable(self) -> bool:
        """Whether the day can be taken."""
        return self in {Rule.AGE, Rule.HOSPITAL, Rule.ALLOWANCE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entitlement:
    """What stands on one single day: the band that the day belongs to, the minutes of its whole pool, and the rule that says so."""

    band: AgeBand | None
    minutes: int
    rule: Rule


def entitlement_on(child: ChildLeave, day: date) -> Entitlement:
    """By the child's age, hospital stays and allowance on that very day."""
    rule = _rule_on(child, day)
    band = AgeBand.FROM_13 if rule is Rule.ALLOWANCE and _is_of_age(child, day) else band_on(child.date_of_birth, day)
    if band is None:
        return Entitlement(band=None, minutes=0, rule=rule)
    days = band.days * 2 if rule is Rule.ALLOWANCE else band.days
    return Entitlement(band=band, minutes=days * child.minutes_of_a_day, rule=rule)


def _rule_on(child: ChildLeave, day: date) -> Rule:
    if day < child.date_of_birth:
        return Rule.NOT_BORN
    if child.receives_allowance_on(day):
        return Rule.ALLOWANCE
    if _is_of_age(child, day):
        return Rule.OF_AGE
    if day < AgeBand.FROM_13.first_day(child.date_of_birth):
        return Rule.AGE
    return Rule.HOSPITAL if child.is_in_hospital_on(day) else Rule.NOT_IN_HOSPITAL


def _is_of_age(child: ChildLeave, day: date) -> bool:
    return day > AgeBand.FROM_13.last_day(child.date_of_birth)
