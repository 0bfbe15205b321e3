from __future__ import annotations

from uuid import uuid4

import pytest

from espace_contracts.vocabulary import InsuredId
from espace_records.app.show_snapshot import NotOnFile
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.person import PostalAddress
from espace_records.events.incoming import keep_the_bank_details, keep_the_person

from .conftest import SOPHIE, TOLD, bank_details_told, person_told


async def test_what_the_fund_told_is_shown_with_the_moment_it_was_told(do):
    await keep_the_person(person_told(), do)
    await keep_the_bank_details(bank_details_told(), do)
    person, details = await do.show_person(SOPHIE), await do.show_bank_details(SOPHIE)
    assert person.says.given_name == "Sophie"
    assert person.says.address == PostalAddress(lines=("14, rue de la Gare", "L-4571 Oberkorn"), country="LU")
    assert (details.says.iban, person.as_of, details.as_of) == ("LU280019400644750000", TOLD, TOLD)


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (1, 2, 1), (2, 2, 1)])
async def test_the_highest_revision_is_shown_in_whatever_order_they_come(do, order):
    for revision in order:
        await keep_the_person(person_told(revision, given_name=f"revision {revision}"), do)
        await keep_the_bank_details(bank_details_told(revision, iban=f"LU{revision:018d}"), do)
    assert (await do.show_person(SOPHIE)).says.given_name == "revision 2"
    assert (await do.show_bank_details(SOPHIE)).says.iban == f"LU{2:018d}"


async def test_a_person_without_a_usable_address_has_none(do):
    await keep_the_person(person_told(address=None), do)
    assert (await do.show_person(SOPHIE)).says.address is None


async def test_nobody_sees_anothers_file(do):
    await keep_the_person(person_told(), do)
    await keep_the_bank_details(bank_details_told(), do)
    for show in (do.show_person, do.show_bank_details):
        with pytest.raises(NotOnFile):
            await show(InsuredId(uuid4()))


async def test_a_person_recognises_their_matricule_and_nobody_learns_it(do):
    await keep_the_person(person_told(), do)
    assert (await do.show_person(SOPHIE)).says.masked_matricule == "••••••••••785"


@pytest.mark.parametrize(
    ("iban", "shown"),
    [
        ("LU280019400644750000", "LU28 •••• •••• •••• 0000"),
        ("DE89370400440532013000", "DE89 •••• •••• •••• ••30 00"),
        ("NO9386011117947", "NO93 •••• •••7 947"),
        ("MT84MALT011000012345MTLCAST001S", "MT84 •••• •••• •••• •••• •••• •••0 01S"),
    ],
)
def test_an_account_shows_its_two_ends_alone(iban, shown):
    details = BankDetails(iban=iban, bic=None, holder="Sophie Hoffmann", since=TOLD.date())
    assert details.masked_iban == shown
