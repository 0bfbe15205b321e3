"""What the fund's file says of a person, as far as procedures are filled in from it and looked at in its light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from espace_contracts.vocabulary import InsuredId
from espace_procedures.domain.agencies import local_day


@dataclass(frozen=True, kw_only=True)
class PersonOnFile:
    """Who the person is. `residence` is the country of the address by ISO 3166-1; None when the fund knows no usable address."""

    given_name: str
    family_name: str
    matricule: str
    date_of_birth: date
    residence: str | None

    @property
    def name(self) -> str:
        """First name and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A member of the person's family. `coinsured_from` None: not co-insured; `coinsured_until` None: the co-insurance goes on."""

    person: InsuredId
    name: str
    coinsured_from: date | None
    coinsured_until: date | None

    def is_coinsured_on(self, day: date) -> bool:
        """Whether this relative is insured through the person on that day."""
        begun = self.coinsured_from is not None and self.coinsured_from <= day
        return begun and (self.coinsured_until is None or day <= self.coinsured_until)


@dataclass(frozen=True)
class OnFile:
    """All that is known of a person. None, or nobody in `family`: not known, or not heard of yet."""

    person: PersonOnFile | None = None
    iban_masked: str | None = None
    family: tuple[Relative, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Whose answers are looked at, when, and in the light of which file. Without login, nothing on file may be shown."""

    insured: InsuredId
    now: datetime
    on_file: OnFile
    with_login: bool = True

    @property
    def today(self) -> date:
        """The day it is in Luxembourg."""
        return local_day(self.now)

    @property
    def coinsured(self) -> Iterator[Relative]:
        """The relatives who are insured through the person today."""
        return (relative for relative in self.on_file.family if relative.is_coinsured_on(self.today))
