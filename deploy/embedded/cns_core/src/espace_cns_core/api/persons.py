"""Puts invented persons on file. For demo and tests, on the loopback address: nobody is asked for a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain.demo_persons import demo_persons
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.synthetic_persons import synthetic_persons
from espace_contracts.vocabulary import Locale, PostalAddress


class Wanted(BaseModel):
    """Which synthetic persons: number `offset` and those after it."""

    count: int = Field(ge=1, le=10_000)
    offset: int = Field(0, ge=0, le=9_990_000)


class PersonOnFile(BaseModel):
    """An invented person, with what a test compares."""

    insured: UUID
    matricule: str
    given_name: str
    family_name: str
    locale: Locale
    address: PostalAddress | None
    deceased: bool
    iban: str

    @classmethod
    def of(cls, person: Person) -> Self:
        """The person with the account they were put on file with."""
        identity = person.identity
        return cls(
            insured=person.id, matricule=identity.matricule, given_name=identity.given_name, family_name=identity.family_name,
            locale=person.locale, address=person.address, deceased=person.deceased, iban=person.accounts[0].iban,
        )  # fmt: skip


class PersonsOnFile(BaseModel):
    """All that were asked for; `new` of them were not on file before."""

    new: int
    persons: list[PersonOnFile]


def routes(do: UseCases) -> APIRouter:
    """The addresses under /internal/persons."""
    router = APIRouter(prefix="/internal/persons", tags=["persons"])

    async def record(persons: Sequence[Person]) -> PersonsOnFile:
        return PersonsOnFile(new=await do.record_persons(persons), persons=[PersonOnFile.of(person) for person in persons])

    @router.post("/demo", summary="Put the twelve demo persons on file, once", operation_id="recordDemoPersons")
    async def record_demo_persons() -> PersonsOnFile:
        return await record(tuple(demo_persons()))

    @router.post("", summary="Put synthetic persons on file, each once", operation_id="recordSyntheticPersons")
    async def record_synthetic_persons(wanted: Wanted) -> PersonsOnFile:
        return await record(tuple(synthetic_persons(wanted.count, wanted.offset)))

    return router
