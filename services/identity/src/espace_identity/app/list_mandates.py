from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Families, Mandates, Persons
from espace_identity.domain.age import comes_of_age, day_of
from espace_identity.domain.family import Child
from espace_identity.domain.mandate import Mandate, MandateState


@dataclass(frozen=True, kw_only=True, slots=True)
class MandateSeen:
    """A mandate as one of its sides sees it. `other` is how the other side is called; a holder who has not accepted is not named."""

    mandate: Mandate
    state: MandateState
    other: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentalAuthority:
    """A child whom a parent represents, through the day before this birthday, unless the parent renounced it."""

    child: Child
    comes_of_age: date
    renounced: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MandatesSeen:
    """Who acts for a person, and for whom the person acts."""

    given: list[MandateSeen]
    held: list[MandateSeen]
    parental: list[ParentalAuthority]
    represented_by: list[str]
    """The parents who act for this person, as they are called."""


class ListMandates:
    """All mandates of a person, those that ended too."""

    def __init__(self, mandates: Mandates, families: Families, persons: Persons, clock: Clock) -> None:
        self._mandates, self._families, self._persons, self._clock = mandates, families, persons, clock

    async def __call__(self, insured: InsuredId) -> MandatesSeen:
        """The newest first."""
        mandates = sorted(await self._mandates.of(insured), key=lambda mandate: mandate.moves[-1].at, reverse=True)
        return MandatesSeen(
            given=[await self.seen(mandate, insured) for mandate in mandates if mandate.giver == insured],
            held=[await self.seen(mandate, insured) for mandate in mandates if mandate.holder == insured],
            parental=await self._children(insured),
            represented_by=await self._parents(insured),
        )

    async def seen(self, mandate: Mandate, by: InsuredId) -> MandateSeen:
        """One mandate, as this side of it sees it."""
        state = mandate.state(day_of(self._clock()))
        if by == mandate.giver and not any(move.by == mandate.holder for move in mandate.moves):
            return MandateSeen(mandate=mandate, state=state, other=None)
        return MandateSeen(mandate=mandate, state=state, other=await self._name(mandate.giver if by == mandate.holder else mandate.holder))

    async def _children(self, parent: InsuredId) -> list[ParentalAuthority]:
        family = await self._families.of(parent)
        minors = family.minors(day_of(self._clock())) if family else ()
        return [
            ParentalAuthority(child=child, comes_of_age=comes_of_age(child.date_of_birth), renounced=child.insured in family.renounced)
            for child in minors
            if family
        ]

    async def _parents(self, child: InsuredId) -> list[str]:
        today = day_of(self._clock())
        families = await self._families.with_child(child)
        names = [await self._name(family.parent) for family in families if family.represents(child, today)]
        return sorted(name for name in names if name)

    async def _name(self, insured: InsuredId) -> str | None:
        person = await self._persons.on_file(insured)
        return person.name if person else None
