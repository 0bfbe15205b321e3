"""The families of the demo persons. Relatives are persons on file themselves; their ids and matricules are the same in every run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_cns_core.domain.demo_persons import demo_id
from espace_cns_core.domain.family import Family, FamilyMember
from espace_cns_core.domain.matricule import matricule
from espace_cns_core.domain.person import Identity, Person
from espace_contracts.vocabulary import Relation


@dataclass(frozen=True)
class _Relative:
    """`sequence` is the matricule's. Without `coinsured_from` they are insured by themselves."""

    given_name: str
    family_name: str
    born: date
    sequence: int
    relation: Relation
    coinsured_from: date | None = None
    coinsured_until: date | None = None

    @property
    def identity(self) -> Identity:
        return Identity(matricule(self.born, self.sequence), self.given_name, self.family_name, self.born)

    @property
    def member(self) -> FamilyMember:
        return FamilyMember(
            person=demo_id(self.identity.matricule),
            identity=self.identity,
            relation=self.relation,
            coinsured_from=self.coinsured_from,
            coinsured_until=self.coinsured_until,
            represented=self.relation is Relation.CHILD,
        )


def demo_members(person: Person) -> tuple[FamilyMember, ...]:
    """The family of a demo person; empty for most."""
    return tuple(relative.member for relative in _RELATIVES.get(person.identity.matricule, ()))


def demo_relatives(person: Person) -> tuple[Person, ...]:
    """The same as files of their own: they live with the person and have no account."""
    return tuple(Person.on_file(member.person, member.identity, person.address, person.locale) for member in demo_members(person))


def demo_family_of(person: Person) -> tuple[Family, ...]:
    """The person's family, and as a spouse or partner sees it: with the same children, insured through somebody else."""
    members = demo_members(person)
    others = [member for member in members if member.relation is not Relation.CHILD]
    children = tuple(
        FamilyMember(person=child.person, identity=child.identity, relation=Relation.CHILD, coinsured_from=None, represented=True)
        for child in members
        if child.relation is Relation.CHILD
    )
    families = [Family(id=person.id), *(Family(id=other.person) for other in others)]
    families[0].consist_of(members)
    for family, other in zip(families[1:], others, strict=True):
        principal = FamilyMember(person=person.id, identity=person.identity, relation=other.relation, coinsured_from=None)
        family.consist_of((principal, *children))
    return tuple(families)


_RELATIVES = {
    "1983081246785": (  # Sophie Hoffmann
        _Relative("Marc", "Hoffmann", date(1981, 6, 9), 214, Relation.SPOUSE, date(2011, 5, 14)),
        _Relative("Tom", "Hoffmann", date(2012, 9, 18), 33, Relation.CHILD, date(2012, 9, 18)),
        _Relative("Lina", "Hoffmann", date(2022, 12, 15), 87, Relation.CHILD, date(2022, 12, 15)),
    ),
    "1990093012358": (  # Luc Schmit
        _Relative("Joy", "Wagner", date(1992, 11, 3), 61, Relation.PARTNER),
        _Relative("Nora", "Schmit", date(2024, 2, 29), 5, Relation.CHILD, date(2024, 2, 29)),
    ),
    "1979122003208": (  # João Pereira Martins
        _Relative("Rita", "Pereira Martins", date(1982, 7, 7), 118, Relation.SPOUSE, date(2010, 9, 1), date(2025, 12, 31)),
        _Relative("Inês", "Pereira Martins", date(2009, 4, 2), 72, Relation.CHILD, date(2009, 4, 2)),
    ),
    "1966051507682": (  # Claudine Lefèvre, who lives in France
        _Relative("Alain", "Lefèvre", date(1963, 1, 27), 150, Relation.SPOUSE, date(2004, 2, 1)),
    ),
    "1984021500175": (  # Markus Weber, who lives in Germany
        _Relative("Petra", "Weber", date(1985, 3, 19), 97, Relation.SPOUSE),
        _Relative("Mia", "Weber", date(2015, 6, 10), 45, Relation.CHILD, date(2015, 6, 10)),
    ),
}
