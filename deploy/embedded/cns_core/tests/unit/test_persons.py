from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn, verhoeff
from stdnum.iso7064 import mod_97_10

from espace_cns_core.domain.demo_persons import demo_persons
from espace_cns_core.domain.matricule import matricule
from espace_cns_core.domain.person import Account, AccountOnFile, FileOpened
from espace_cns_core.domain.synthetic_files import synthetic_files
from espace_cns_core.domain.synthetic_persons import synthetic_persons
from espace_contracts.vocabulary import Locale

PUBLISHED = ("1893120105732", "1983081246785", "2003042581939", "1990093012358", "1993102814564", "1979122003208", "1966051507682")


def is_valid(number: str) -> bool:
    return len(number) == 13 and luhn.is_valid(number[:12]) and verhoeff.is_valid(number[:11] + number[12])


@pytest.mark.parametrize("number", PUBLISHED)
def test_a_published_matricule_is_computed_from_its_date_and_sequence(number):
    born = date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    assert matricule(born, int(number[8:11])) == number


def test_there_are_twelve_demo_persons_and_each_is_always_the_same():
    first, second = list(demo_persons()), list(demo_persons())
    assert first == second
    assert len(first) == len({person.id for person in first}) == len({person.identity.matricule for person in first}) == 12


def test_demo_persons_have_valid_matricules_and_accounts():
    for person in demo_persons():
        assert is_valid(person.identity.matricule)
        assert person.identity.matricule.startswith(f"{person.identity.date_of_birth:%Y%m%d}")
        assert person.account is not None
        assert mod_97_10.is_valid(person.account.iban[4:] + person.account.iban[:4])


def test_demo_persons_cover_what_a_demonstration_shows():
    persons = list(demo_persons())
    assert {person.locale for person in persons} == set(Locale)
    assert {person.address.country for person in persons if person.address} == {"LU", "FR", "DE", "BE"}
    assert sum(person.deceased for person in persons) == 1
    assert sum(person.address is None for person in persons) == 1
    assert any(person.account and not person.account.iban.startswith("LU") for person in persons)


@given(st.integers(0, 9_999_999))
def test_a_synthetic_person_has_a_valid_matricule_and_account(number):
    (person,) = synthetic_persons(1, number)
    assert is_valid(person.identity.matricule)
    assert person.account is not None
    assert mod_97_10.is_valid(person.account.iban[4:] + person.account.iban[:4])


def test_synthetic_persons_are_unlike_each_other_and_the_same_again():
    persons = list(synthetic_persons(3000, 500))
    assert list(synthetic_persons(3000, 500)) == persons
    for of in (lambda p: p.id, lambda p: p.identity.matricule, lambda p: p.identity.family_name, lambda p: p.account.iban):
        assert len({of(person) for person in persons}) == 3000


def test_a_new_file_and_its_first_account_are_told(person):
    opened, paid = person.recorded
    assert opened == FileOpened(person)
    assert paid == AccountOnFile(person.id, 1, person.account)


def test_an_account_of_one_submission_goes_on_file_once(person, bank_change):
    account = Account("LU280019400644750000", None, "Sophie Hoffmann", date(2026, 3, 4), granted_by=bank_change().id)
    person.pay_to(account)
    person.pay_to(account)
    assert person.account == account
    assert [event.revision for event in person.recorded if isinstance(event, AccountOnFile)] == [1, 2]


async def test_persons_are_put_on_file_once(fund):
    assert await fund.do.record_persons(synthetic_files(5)) == 5
    assert await fund.do.record_persons(synthetic_files(7)) == 2
    assert len([event for event in fund.persons.told if isinstance(event, FileOpened)]) == 7
