"""Puts invented persons on file. For demo and tests, on the loopback address: nobody is asked for a token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain.demo_files import demo_files
from espace_cns_core.domain.family import FamilyMember
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.person_file import PersonFile
from espace_cns_core.domain.synthetic_files import FAMILIES, synthetic_files
from espace_contracts.vocabulary import Locale, PostalAddress, Relation
from espace_kernel.problems import Problem


class Wanted(BaseModel):
    """Which synthetic persons: number `offset` and those after it."""

    count: int = Field(ge=1, le=10_000)
    offset: int = Field(0, ge=0, le=9_990_000)
    family: bool = Field(False, description="each with a spouse and two children, who are persons on file themselves")

    @model_validator(mode="after")
    def _families_suffice(self) -> Self:
        if self.family and self.offset + self.count > FAMILIES:
            raise ValueError(f"only the first {FAMILIES} synthetic persons have a family")
        return self


class Sought(BaseModel):
    """A person, by their matricule: in the body, since an address may come into a log."""

    matricule: str = Field(pattern=r"^[0-9]{13}$")


class RelativeOnFile(BaseModel):
    """A member of an invented person's family, on file as a person too."""

    insured: UUID
    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    relation: Relation
    coinsured_from: date | None
    coinsured_until: date | None

    @classmethod
    def of(cls, member: FamilyMember) -> Self:
        """The member as the fund has them."""
        identity = member.identity
        return cls(
            insured=member.person, matricule=identity.matricule, given_name=identity.given_name, family_name=identity.family_name,
            date_of_birth=identity.date_of_birth, relation=member.relation,
            coinsured_from=member.coinsured_from, coinsured_until=member.coinsured_until,
        )  # fmt: skip


class PersonOnFile(BaseModel):
    """An invented person, with what a test compares."""

    insured: UUID
    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    locale: Locale
    address: PostalAddress | None
    deceased: bool
    iban: str | None = Field(description="the first account on file; a child has none")
    family: list[RelativeOnFile] = Field([], description="when they were put on file with one")

    @classmethod
    def of(cls, person: Person, members: Sequence[FamilyMember] = ()) -> Self:
        """The person with the account they were put on file with."""
        identity = person.identity
        return cls(
            insured=person.id, matricule=identity.matricule, given_name=identity.given_name, family_name=identity.family_name,
            date_of_birth=identity.date_of_birth,
            locale=person.locale, address=person.address, deceased=person.deceased,
            iban=person.accounts[0].iban if person.accounts else None,
            family=[RelativeOnFile.of(member) for member in members],
        )  # fmt: skip


class PersonsOnFile(BaseModel):
    """All that were asked for; `new` of them were not on file before."""

    new: int
    persons: list[PersonOnFile]


def routes(do: UseCases) -> APIRouter:
    """The addresses under /internal/persons."""
    router = APIRouter(prefix="/internal/persons", tags=["persons"])

    async def record(files: Sequence[PersonFile]) -> PersonsOnFile:
        new = await do.record_persons(files)
        return PersonsOnFile(new=new, persons=[PersonOnFile.of(file.person, file.members) for file in files])

    @router.post("/demo", summary="Put the twelve demo persons and their families on file, once", operation_id="recordDemoPersons")
    async def record_demo_persons() -> PersonsOnFile:
        return await record(tuple(demo_files()))

    @router.get("/demo", summary="See who the demo persons are, on file or not", operation_id="listDemoPersons")
    async def list_demo_persons() -> list[PersonOnFile]:
        return [PersonOnFile.of(file.person, file.members) for file in demo_files()]

    @router.post("", summary="Put synthetic persons on file, each once", operation_id="recordSyntheticPersons")
    async def record_synthetic_persons(wanted: Wanted) -> PersonsOnFile:
        return await record(tuple(synthetic_files(wanted.count, wanted.offset, family=wanted.family)))

    @router.post("/search", summary="Find the person with a matricule", operation_id="findPerson")
    async def find(sought: Sought) -> PersonOnFile:
        person = await do.find_person(sought.matricule)
        if person is None:
            raise Problem(404, "not-on-file", "The fund has nobody with this matricule on file. Check its 13 digits, or record the person.")
        return PersonOnFile.of(person)

    return router
