from __future__ import annotations

from datetime import date

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import PERSONS
from espace_contracts.vocabulary import Locale, PostalAddress


class PersonRecorded(Event, type="lu.cns.persons.person.recorded.v1", topic=PERSONS, subject="insured"):
    """The fund's file on a person as it stands now, whole. A reader keeps the highest revision and drops the others."""

    revision: int = Field(ge=1, description="counts up with each change of this person's file")
    matricule: str = Field(pattern=r"^[0-9]{13}$")
    given_name: str
    family_name: str
    date_of_birth: date
    address: PostalAddress | None = Field(description="None when the fund knows no usable address")
    locale: Locale
    deceased: bool = False
