from __future__ import annotations

from datetime import date
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Mandates, Persons
from espace_identity.domain.age import day_of
from espace_identity.domain.mandate import Mandate, MandateRefused, MandateState, Terms, mandate_between
from espace_identity.domain.matricule import NotAMatricule, matricule_in
from espace_identity.domain.person import Person
from espace_kernel.outcomes import VersionConflict

_OPEN_PROPOSALS = 5
"""Mandates of one person that may wait to be accepted at a time."""


class GiveMandate:
    """An adult lets another adult act for them, once the other accepts."""

    def __init__(self, mandates: Mandates, persons: Persons, clock: Clock) -> None:
        self._mandates, self._persons, self._clock = mandates, persons, clock

    async def __call__(self, giver: InsuredId, holder_matricule: str, terms: Terms) -> Mandate:
        """The mandate as proposed; the same proposal again gives the same one. Raises MandateRefused, VersionConflict."""
        now = self._clock()
        today = day_of(now)
        person = await self._persons.on_file(giver)
        if person is None or not person.is_of_age(today):
            raise MandateRefused("Only a person of age gives a mandate. Your parents act for you until you are 18.")
        holder = await self._holder(giver, holder_matricule)
        if not holder.is_of_age(today):
            raise MandateRefused("The holder of a mandate must be of age. Choose a person who is at least 18.")
        mandate_id = mandate_between(giver, holder.insured)
        await self._must_be_few_besides(mandate_id, giver, today)
        mandate = await self._mandates.get(mandate_id) or Mandate(id=mandate_id, giver=giver, holder=holder.insured, terms=terms)
        before = mandate.moves
        mandate.give(terms, now, today)
        if mandate.version == 0 and not await self._mandates.add(mandate):
            raise VersionConflict("The mandate was given by another request.")
        if before and mandate.moves != before:
            await self._mandates.save(mandate)
        return mandate

    async def _must_be_few_besides(self, mandate_id: UUID, giver: InsuredId, today: date) -> None:
        """So that nobody proposes to strangers to learn who is insured."""
        own = [each for each in await self._mandates.of(giver) if each.giver == giver and each.id != mandate_id]
        open_proposals = [each for each in own if each.state(today) is MandateState.PROPOSED]
        if len(open_proposals) >= _OPEN_PROPOSALS:
            raise MandateRefused(f"{_OPEN_PROPOSALS} of your mandates wait to be accepted. End one of them, or await its holder's answer.")

    async def _holder(self, giver: InsuredId, typed: str) -> Person:
        try:
            holder = await self._persons.holder_of(matricule_in(typed))
        except NotAMatricule as error:
            raise MandateRefused(f"{error} Check the number on the social security card of the person.") from None
        if holder is None or holder.deceased:
            raise MandateRefused("No insured person has this matricule. Check the number on the social security card of the person.")
        if holder.insured == giver:
            raise MandateRefused("This is your own matricule. Give that of the person who is to act for you.")
        return holder
