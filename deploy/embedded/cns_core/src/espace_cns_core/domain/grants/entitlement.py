from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from espace_cns_core.domain.household import Household
from espace_cns_core.domain.person import Identity
from espace_contracts.vocabulary import StayCountry
from espace_kernel.outcomes import NeverWorks

FORMS = {
    StayCountry.CAPE_VERDE: "LCV/5",
    StayCountry.QUEBEC: "LUX QUE 4",
    StayCountry.TUNISIA: "T/L",
    StayCountry.TURKEY: "TR/L-3",
    StayCountry.BOSNIA_AND_HERZEGOVINA: "LU-BiH 111 (sample)",
}
"""The form's name under each agreement, as the CNS publishes it; the one for Bosnia and Herzegovina was not found, so it is a sample."""


@dataclass(frozen=True)
class GrantedEntitlement:
    """What the certificate states to the social security body at the place of stay."""

    country: StayCountry
    form: str
    persons: tuple[Identity, ...]
    address_of_stay: str | None
    valid_from: date
    valid_to: date


def entitlement_of(household: Household, answers: Mapping[str, Any]) -> GrantedEntitlement:
    """One certificate for all who are named. Raises NeverWorks when the answers name no such country or no days."""
    try:
        country = StayCountry(answers["country"])
        first, last = date.fromisoformat(answers["stay_from"]), date.fromisoformat(answers["stay_to"])
    except (KeyError, TypeError, ValueError):
        raise NeverWorks(
            "The submission does not say a country and two dates of the stay that can be read. Have procedures mend it."
        ) from None
    return GrantedEntitlement(
        country=country,
        form=FORMS[country],
        persons=tuple(covered.identity for covered in household.named(answers.get("persons"))),
        address_of_stay=answers.get("address_of_stay"),
        valid_from=first,
        valid_to=last,
    )
