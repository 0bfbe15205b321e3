"""Twelve invented insured persons. Their ids, matricules and accounts are the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from espace_cns_core.domain.person import Account, Identity, Person
from espace_contracts.vocabulary import Locale, PostalAddress

_NAMESPACE = UUID("7b0f6f0e-58a4-4f0c-8d3e-2c64b1f0a9d1")


@dataclass(frozen=True)
class _DemoPerson:
    identity: Identity
    locale: Locale
    country: str
    lines: tuple[str, ...]
    iban: str
    bic: str | None = None
    deceased: bool = False


def demo_persons() -> Iterator[Person]:
    """The twelve, as new files."""
    return (_on_file(demo) for demo in _DEMO_PERSONS)


def demo_id(name: str) -> UUID:
    """The id of something in the demonstration, the same in every run; a person's is that of their matricule."""
    return uuid5(_NAMESPACE, name)


def _on_file(demo: _DemoPerson) -> Person:
    identity = demo.identity
    address = PostalAddress(lines=demo.lines, country=demo.country) if demo.lines else None
    person = Person.on_file(demo_id(identity.matricule), identity, address, demo.locale, deceased=demo.deceased)
    person.pay_to(Account(demo.iban, demo.bic, identity.full_name, date(2021, 3, 1)))
    return person


_DEMO_PERSONS = (
    _DemoPerson(
        Identity("1983081246785", "Sophie", "Hoffmann", date(1983, 8, 12)),
        Locale.FRENCH,
        "LU",
        ("14, rue de la Gare", "L-4571 Oberkorn"),
        "LU120010001234567891",
    ),
    _DemoPerson(
        Identity("1990093012358", "Luc", "Schmit", date(1990, 9, 30)),
        Locale.LUXEMBOURGISH,
        "LU",
        ("7, Grand-Rue", "L-9050 Ettelbruck"),
        "LU200020001000112233",
    ),
    _DemoPerson(
        Identity("1993102814564", "Ana", "Ferreira da Silva", date(1993, 10, 28)),
        Locale.FRENCH,
        "LU",
        ("52, rue de l'Alzette", "L-4010 Esch-sur-Alzette"),
        "LU110011122233344455",
    ),
    _DemoPerson(
        Identity("1979122003208", "João", "Pereira Martins", date(1979, 12, 20)),
        Locale.ENGLISH,
        "LU",
        ("3, avenue de la Liberté", "L-4601 Differdange"),
        "LU530023456789012345",
    ),
    _DemoPerson(
        Identity("1966051507682", "Claudine", "Lefèvre", date(1966, 5, 15)),
        Locale.FRENCH,
        "FR",
        ("21, rue de Paris", "57100 Thionville"),
        "FR1420041010050500013M02606",
        bic="PSSTFRPP",
    ),
    _DemoPerson(
        Identity("1984021500175", "Markus", "Weber", date(1984, 2, 15)),
        Locale.GERMAN,
        "DE",
        ("Saarstraße 40", "54290 Trier"),
        "DE89370400440532013000",
        bic="COBADEFF",
    ),
    _DemoPerson(
        Identity("1990010112043", "Élodie", "Dubois", date(1990, 1, 1)),
        Locale.FRENCH,
        "BE",
        ("8, rue des Faubourgs", "6700 Arlon"),
        "LU630030000112358132",
    ),
    _DemoPerson(
        Identity("2003042581939", "Tun", "Reuter", date(2003, 4, 25)),
        Locale.LUXEMBOURGISH,
        "LU",
        ("Résidence Bellevue", "19, rue du Fort", "L-1870 Luxembourg"),
        "LU840141421356237309",
    ),
    _DemoPerson(
        Identity("2001120308757", "Emma", "O'Connor", date(2001, 12, 3)),
        Locale.ENGLISH,
        "LU",
        ("101, avenue John F. Kennedy", "L-1855 Luxembourg"),
        "LU370010000271828182",
    ),
    _DemoPerson(
        Identity("1975072131837", "Jürgen", "Groß-Steffen", date(1975, 7, 21)),
        Locale.GERMAN,
        "LU",
        ("26, Dräi-Eechelen-Strooss", "L-6430 Echternach"),
        "LU380019998887776665",
    ),
    _DemoPerson(  # the fund knows no usable address
        Identity("1955122477742", "Marie-Thérèse", "Kieffer", date(1955, 12, 24)),
        Locale.LUXEMBOURGISH,
        "LU",
        (),
        "LU980019400644750001",
    ),
    _DemoPerson(
        Identity("1893120105732", "Catherine", "Müller", date(1893, 12, 1)),
        Locale.FRENCH,
        "LU",
        ("1, place d'Armes", "L-1136 Luxembourg"),
        "LU840027777000011112",
        deceased=True,
    ),
)
