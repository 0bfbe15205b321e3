"""Linking the identity of another European country to an insured person: eIDAS does not know the matricule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from espace_identity.domain.login import Vouched
from espace_identity.domain.person import Person, same_name

LINKING_LASTS = timedelta(minutes=15)
"""How long a person may take to give their matricule after the login at the provider."""
TRIES = 5
"""Matricules that one foreign identity may try within TRIES_WITHIN."""
TRIES_WITHIN = timedelta(hours=24)


class LinkRefused(Exception):
    """The person on file is not the person whom the provider vouches for; which of the details differs is not told."""


class NoLinking(Exception):
    """Nothing is to be linked in this browser, or its time is over."""


class LinkingLimit(Exception):
    """This foreign identity tried too many matricules today."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Linking:
    """A verified foreign identity that waits for its person to give the matricule. Found by a secret of the browser."""

    vouched: Vouched
    return_to: str
    began_at: datetime

    @property
    def ends_at(self) -> datetime:
        """From when on it is worth nothing."""
        return self.began_at + LINKING_LASTS


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign identity that opens a person's eSpace, or did until it was replaced."""

    identifier: str
    linked_at: datetime
    replaced_at: datetime | None = None


def must_match(vouched: Vouched, person: Person | None) -> Person:
    """The person, if the file says the same name and date of birth as the provider. Raises LinkRefused."""
    foreign = vouched.foreign
    if (
        person is None
        or foreign is None
        or foreign.date_of_birth != person.date_of_birth
        or not same_name((foreign.given_name, foreign.family_name), (person.given_name, person.family_name))
    ):
        raise LinkRefused
    return person
