"""Who logs in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

_SEPARATORS = re.compile(r"[\s-]")
_DIGITS = re.compile(r"[0-9]{13}", re.ASCII)


class NotAMatricule(Exception):
    """What was typed has not the form of a matricule."""


@dataclass(frozen=True)
class Person:
    """What a provider knows of a person. `matricule` has 13 digits."""

    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    deceased: bool = False


@dataclass(frozen=True)
class Card:
    """The means of identification of another member state: the state by ISO 3166, and the how manieth card it issued to this person."""

    country: str = "FR"
    number: int = 1

    def identifies(self, person: Person) -> str:
        """The PersonIdentifier: issuing state, receiving state, and what only the former understands. A new card, a new one."""
        opaque = hashlib.sha256(f"{person.matricule} {self.country} {self.number}".encode()).hexdigest()[:16]
        return f"{self.country}/LU/{opaque}"


def matricule_in(typed: str) -> str:
    """The 13 digits of what was typed, with or without spaces and hyphens. The check digits are the eSpace's to check.

    Raises NotAMatricule.
    """
    number = _SEPARATORS.sub("", typed)
    if not _DIGITS.fullmatch(number):
        raise NotAMatricule
    return number


def stranger(matricule: str) -> Person:
    """Somebody whom the fund does not know, under a name that is nobody's."""
    return Person(matricule, "Camille", "Example", date(1970, 1, 1))
