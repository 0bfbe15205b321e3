"""As many persons as a test wants: person number n is always the same, and unlike any other in name, matricule and account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

from stdnum.iso7064 import mod_97_10

from espace_cns_core.domain.matricule import matricule
from espace_cns_core.domain.person import Account, Identity, Person
from espace_contracts.vocabulary import Locale, PostalAddress

_NAMESPACE = UUID("c5a1e7f2-4d0b-4b7e-9a63-1f2d8e5b7c90")
_FIRST_BIRTHDAY = date(1967, 1, 1)
_SEQUENCES = 1000
_GIVEN_NAMES = ("Anne", "Bruno", "Carlo", "Diane", "Ettore", "Fabienne", "Gilles", "Heike", "Ines", "Jang", "Katia", "Lis")
_SYLLABLES = ("bra", "del", "fin", "gor", "hal", "jun", "kel", "lor", "mar", "nes", "pol", "ros", "sil", "tur", "vel", "wen")
_LOCALES = tuple(Locale)


def synthetic_persons(count: int, offset: int = 0) -> Iterator[Person]:
    """Persons number `offset` to `offset + count - 1`."""
    return (_person(number) for number in range(offset, offset + count))


def _person(number: int) -> Person:
    born = _FIRST_BIRTHDAY + timedelta(days=number // _SEQUENCES)
    identity = Identity(matricule(born, number % _SEQUENCES), _GIVEN_NAMES[number % len(_GIVEN_NAMES)], _family_name(number), born)
    address = PostalAddress(lines=(f"{number % 200 + 1}, rue de l'Essai {number}", f"L-{1000 + number % 9000} Luxembourg"), country="LU")
    person = Person.on_file(uuid5(_NAMESPACE, str(number)), identity, address, _LOCALES[number % len(_LOCALES)])
    person.pay_to(Account(_iban(number), None, identity.full_name, date(2024, 1, 1)))
    return person


def _family_name(number: int) -> str:
    return "".join(_SYLLABLES[int(digit, 16)] for digit in f"{number:04x}").capitalize()


def _iban(number: int) -> str:
    """An account of bank 001 that passes the check of ISO 7064."""
    account = f"001{9 * 10**12 + number}"
    return f"LU{mod_97_10.calc_check_digits(f'{account}LU')}{account}"
