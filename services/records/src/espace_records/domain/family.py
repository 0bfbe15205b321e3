from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_contracts.vocabulary import InsuredId, Relation
from espace_records.domain.matricule import masked


@dataclass(frozen=True, kw_only=True, slots=True)
class FamilyMember:
    """One member of a person's family. Without `coinsured_from` they are not insured through this person."""

    person: InsuredId
    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    relation: Relation
    coinsured_from: date | None
    coinsured_until: date | None
    """The last day; None while the co-insurance goes on."""
    represented: bool
    """A child for whom the person has parental authority."""

    @property
    def masked_matricule(self) -> str:
        """The matricule as it may be shown."""
        return masked(self.matricule)

    def is_coinsured_on(self, day: date) -> bool:
        """Whether they are insured through this person on that day; first and last day included."""
        if self.coinsured_from is None or day < self.coinsured_from:
            return False
        return self.coinsured_until is None or day <= self.coinsured_until


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """A person's family as the fund knows it."""

    members: tuple[FamilyMember, ...]
