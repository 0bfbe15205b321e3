from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_contracts.vocabulary import Locale
from espace_records.domain.matricule import masked


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalAddress:
    """Where the post reaches a person, line by line as it is printed; `country` by ISO 3166-1 alpha-2."""

    lines: tuple[str, ...]
    country: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person as the fund knows them. Without an address, the fund has none that the post can use."""

    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    address: PostalAddress | None
    locale: Locale

    @property
    def masked_matricule(self) -> str:
        """The matricule as it may be shown."""
        return masked(self.matricule)
