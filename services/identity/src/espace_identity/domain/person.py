from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.domain.age import MAJORITY, age_on

_BETWEEN_WORDS = re.compile(r"[\s'\u2019.-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What identity keeps of the fund's file on a person: enough to recognise them at login, to name them, and to speak their language."""

    insured: InsuredId
    revision: int
    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    locale: Locale
    deceased: bool = False

    @property
    def name(self) -> str:
        """As the person is called."""
        return f"{self.given_name} {self.family_name}"

    def is_of_age(self, day: date) -> bool:
        """Whether the person stands for themselves on this day."""
        return age_on(day, self.date_of_birth) >= MAJORITY


def same_name(given: tuple[str, str], on_file: tuple[str, str]) -> bool:
    """Two pairs of given and family name are one person's: the family names are equal and so are the first given names.

    Accents, case, hyphens and apostrophes do not count, nor do further given names, which some states list and others do not.
    """
    (given_1, family_1), (given_2, family_2) = (tuple(_words(part) for part in pair) for pair in (given, on_file))
    return bool(family_1 and given_1 and given_2) and family_1 == family_2 and given_1[0] == given_2[0]


def _words(name: str) -> list[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return [word for word in _BETWEEN_WORDS.split(plain) if word]
