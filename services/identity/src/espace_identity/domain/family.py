from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.age import MAJORITY, age_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A child for whom a parent has parental authority, as the fund's file says."""

    insured: InsuredId
    given_name: str
    family_name: str
    date_of_birth: date

    @property
    def name(self) -> str:
        """As the child is called."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """The children whom a parent represents, from the fund's file, and those whom the parent does not want to act for."""

    parent: InsuredId
    revision: int
    children: tuple[Child, ...]
    renounced: frozenset[InsuredId] = field(default_factory=frozenset)

    def minors(self, day: date) -> tuple[Child, ...]:
        """Those under age on this day, renounced or not."""
        return tuple(child for child in self.children if age_on(day, child.date_of_birth) < MAJORITY)

    def represents(self, child: InsuredId, day: date) -> bool:
        """Whether the parent acts for the child on this day. It ends on the eighteenth birthday and with the file's word, at once."""
        return child not in self.renounced and any(minor.insured == child for minor in self.minors(day))
