"""Who belongs to an insured person's family, and who of it is insured through them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from espace_cns_core.domain.person import Identity
from espace_contracts.vocabulary import Relation
from espace_kernel.aggregate import Aggregate


@dataclass(frozen=True, kw_only=True)
class FamilyMember:
    """One member. `person` is their insured id; `coinsured_until` the last day, None while the co-insurance goes on.

    `represented` is a child for whom the insured person has parental authority.
    """

    person: UUID
    identity: Identity
    relation: Relation
    coinsured_from: date | None
    coinsured_until: date | None = None
    represented: bool = False

    def is_coinsured_on(self, day: date) -> bool:
        """Whether they are insured through the insured person on that day."""
        if self.coinsured_from is None or day < self.coinsured_from:
            return False
        return self.coinsured_until is None or day <= self.coinsured_until


@dataclass(frozen=True)
class FamilyOnFile:
    """This is the family from now on."""

    insured: UUID
    revision: int
    members: tuple[FamilyMember, ...]


@dataclass(kw_only=True)
class Family(Aggregate):
    """The family of one insured person, whose insured id is its id. `revision` counts its changes."""

    members: tuple[FamilyMember, ...] = ()
    revision: int = 0

    def consist_of(self, members: tuple[FamilyMember, ...]) -> None:
        """Put the whole family on file, in place of what was there."""
        self.members = members
        self.revision += 1
        self.record(FamilyOnFile(self.id, self.revision, members))
