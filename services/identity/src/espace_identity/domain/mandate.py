"""Acting for another person: by a mandate that one adult gives another, or by the parental authority that the fund's file knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from espace_contracts.vocabulary import InsuredId
from espace_kernel.aggregate import Aggregate

_MANDATES = UUID("0a2f9f0e-6a3a-4f0e-9a53-5b5c3e0d7c41")
_PARENTAL = UUID("c7f1f0a6-2f0d-4a8e-8d0c-0f6a1d8e52b7")


class Scope(StrEnum):
    """A part of the eSpace, by the name of the service that answers for it."""

    RECORDS = "records"
    PROCEDURES = "procedures"
    DOCUMENTS = "documents"


class MandateState(StrEnum):
    """Where a mandate stands. Only one in force opens anything."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    ENDED = "ended"


class MandateStep(StrEnum):
    """What can happen to a mandate."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    ENDED = "ended"


class MandateRefused(Exception):
    """The mandate cannot be given; the sentence says why and what to do."""


class NoMandate(Exception):
    """Nobody may do this for this person, at this moment."""


@dataclass(frozen=True)
class Move:
    """One step, who took it, and when: the mandate's log."""

    step: MandateStep
    by: InsuredId
    at: datetime


@dataclass(frozen=True)
class Terms:
    """What a mandate allows: these parts of the eSpace, through its last day (in Luxembourg), or without an end."""

    scopes: tuple[Scope, ...]
    until: date | None = None


@dataclass(kw_only=True)
class Mandate(Aggregate):
    """What one person allows another. There is one for each pair, which may be given again after it ended."""

    giver: InsuredId
    holder: InsuredId
    terms: Terms
    moves: tuple[Move, ...] = ()

    def state(self, day: date) -> MandateState:
        """Where it stands on this day."""
        if self.moves[-1].step is MandateStep.ENDED or (self.terms.until is not None and day > self.terms.until):
            return MandateState.ENDED
        return MandateState.IN_FORCE if self.moves[-1].step is MandateStep.ACCEPTED else MandateState.PROPOSED

    def scopes_on(self, day: date) -> frozenset[Scope]:
        """What it opens on this day; nothing unless it is in force."""
        return frozenset(self.terms.scopes) if self.state(day) is MandateState.IN_FORCE else frozenset()

    def give(self, terms: Terms, at: datetime, day: date) -> None:
        """Propose it, at first or again after its end; the same proposal once more changes nothing. Raises MandateRefused."""
        state = self.state(day) if self.moves else MandateState.ENDED
        if state is MandateState.PROPOSED and terms == self.terms:
            return
        if state is not MandateState.ENDED:
            raise MandateRefused("You have given this person a mandate that has not ended. End it first, then give the new one.")
        if terms.until is not None and terms.until < day:
            raise MandateRefused("The last day of the mandate is over. Choose today or a later day, or leave it out.")
        self.terms = terms
        self._move(MandateStep.GIVEN, self.giver, at)

    def accept(self, by: InsuredId, at: datetime, day: date) -> None:
        """The holder agrees; once more changes nothing. Raises NoMandate unless it is theirs and has not ended."""
        if by != self.holder or self.state(day) is MandateState.ENDED:
            raise NoMandate
        if self.state(day) is MandateState.PROPOSED:
            self._move(MandateStep.ACCEPTED, by, at)

    def end(self, by: InsuredId, at: datetime, day: date) -> None:
        """Either side ends it at once; once more changes nothing. Raises NoMandate for anybody else."""
        if by not in {self.giver, self.holder}:
            raise NoMandate
        if self.state(day) is not MandateState.ENDED:
            self._move(MandateStep.ENDED, by, at)

    def _move(self, step: MandateStep, by: InsuredId, at: datetime) -> None:
        self.moves = (*self.moves, Move(step, by, at))


def mandate_between(giver: InsuredId, holder: InsuredId) -> UUID:
    """The id of the one mandate of a pair, so that whether it is in force is read by its id."""
    return uuid5(_MANDATES, f"{giver}/{holder}")


def parental_id(parent: InsuredId, child: InsuredId) -> UUID:
    """The id of a parental authority."""
    return uuid5(_PARENTAL, f"{parent}/{child}")
