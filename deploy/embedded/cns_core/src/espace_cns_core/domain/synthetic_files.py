"""Synthetic persons with what belongs to them: a family, when a test wants one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid5

from espace_cns_core.domain.family import Family, FamilyMember
from espace_cns_core.domain.matricule import matricule
from espace_cns_core.domain.person import Identity, Person
from espace_cns_core.domain.person_file import PersonFile
from espace_cns_core.domain.synthetic_persons import synthetic_persons
from espace_contracts.vocabulary import Relation

FAMILIES = 1_000_000
"""How many synthetic persons can have a family: so many relatives have a matricule of their own."""

_PER_DAY = 1000
_RELATIVES = (
    ("Sacha", Relation.SPOUSE, date(1995, 1, 1)),
    ("Noa", Relation.CHILD, date(2009, 1, 1)),
    ("Liv", Relation.CHILD, date(2020, 1, 1)),
)
"""Given name, relation, and the date of birth of the first one's. A thousand are born on each day after it."""


def synthetic_files(count: int, offset: int = 0, *, family: bool = False) -> Iterator[PersonFile]:
    """The files of the persons number `offset` to `offset + count - 1`; with `family`, each with a spouse and two children, co-insured."""
    numbered = enumerate(synthetic_persons(count, offset), offset)
    return (_with_family(person, number) if family else PersonFile(person=person) for number, person in numbered)


def _with_family(person: Person, number: int) -> PersonFile:
    members = tuple(_member(person, number, *relative) for relative in _RELATIVES)
    family = Family(id=person.id)
    family.consist_of(members)
    relatives = tuple(Person.on_file(member.person, member.identity, person.address, person.locale) for member in members)
    return PersonFile(person=person, relatives=relatives, families=(family,))


def _member(person: Person, number: int, given_name: str, relation: Relation, first_birthday: date) -> FamilyMember:
    born = first_birthday + timedelta(days=number // _PER_DAY)
    identity = Identity(matricule(born, number % _PER_DAY), given_name, person.identity.family_name, born)
    return FamilyMember(
        person=uuid5(person.id, given_name),
        identity=identity,
        relation=relation,
        coinsured_from=max(born, date(2020, 1, 1)),
        represented=relation is Relation.CHILD,
    )
