from __future__ import annotations

from datetime import date

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import PERSONS
from espace_contracts.vocabulary import InsuredId, Relation, Value


class FamilyMember(Value):
    """One member of an insured person's family, as the fund knows them."""

    person: InsuredId
    matricule: str = Field(pattern=r"^[0-9]{13}$")
    given_name: str
    family_name: str
    date_of_birth: date
    relation: Relation
    coinsured_from: date | None = Field(description="first day of the co-insurance; None when not co-insured with this person")
    coinsured_until: date | None = Field(description="last day of the co-insurance; None while it goes on")
    represented: bool = Field(description="a child for whom the insured person has parental authority")


class FamilyRecorded(Event, type="lu.cns.persons.family.recorded.v1", topic=PERSONS, subject="insured"):
    """An insured person's family as the fund knows it now, whole. A reader keeps the highest revision."""

    revision: int = Field(ge=1, description="counts up with each change of this person's family")
    members: tuple[FamilyMember, ...]
