from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_cns_core.domain.family import FamilyMember
from espace_cns_core.domain.household import Household
from espace_cns_core.domain.person import Identity


@dataclass(frozen=True)
class GrantedCoinsurance:
    """What the certificate states: whom the principal insured person covers, as of a day."""

    principal: Identity
    coinsured: tuple[FamilyMember, ...]
    as_of: date


def coinsurance_of(household: Household, names: object) -> tuple[GrantedCoinsurance, ...]:
    """One certificate for the co-insured who are named, or for all of them when nobody but the principal is; none without co-insured."""
    wanted = {covered.insured for covered in household.named(names)} - {household.principal.id}
    everybody = not wanted and not household.misses(names)
    coinsured = tuple(member for member in household.coinsured if everybody or member.person in wanted)
    return (GrantedCoinsurance(household.principal.identity, coinsured, household.on),) if coinsured else ()
