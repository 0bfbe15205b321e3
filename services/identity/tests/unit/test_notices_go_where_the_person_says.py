from __future__ import annotations

from uuid import uuid4

import pytest

from espace_contracts.events import ContactConfirmed
from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.confirm_contact import NotOnFile
from espace_identity.domain.account import NotAnEmailAddress
from espace_identity.events.outgoing import contract_of
from espace_kernel.outcomes import RetryLater, VersionConflict

from .conftest import MATRICULE


async def test_a_confirmed_address_is_told_in_the_persons_language(identity):
    person = await identity.person(locale=Locale.GERMAN)
    await identity.do.confirm_contact(person.insured, " sophie.hoffmann@example.lu ")
    assert [contract_of(event) for event in identity.accounts.told] == [
        ContactConfirmed(insured=person.insured, revision=1, email="sophie.hoffmann@example.lu", locale=Locale.GERMAN)
    ]


async def test_each_new_address_is_a_new_revision_and_the_same_one_is_told_once(identity):
    person = await identity.person()
    for email in ("a@example.lu", "a@example.lu", "b@example.lu", "a@example.lu"):
        await identity.do.confirm_contact(person.insured, email)
    assert [(event.contact.email, event.contact.revision) for event in identity.accounts.told] == [
        ("a@example.lu", 1),
        ("b@example.lu", 2),
        ("a@example.lu", 3),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "sophie", "@example.org", "sophie@", "sophie@localhost", "so phie@example.lu", "s@exa mple.lu", "s@example.lu\nBcc: x@example.lu",
     "sophie@example..lu", "sophie@-example.lu", "sophié@example.lu", "a@b@example.lu", "s@" + "x" * 64 + ".lu", "x" * 65 + "@example.lu",
     "s@" + ".".join(["x" * 60] * 5)],
)  # fmt: skip
async def test_what_is_no_address_is_refused_without_repeating_it(identity, text):
    person = await identity.person()
    with pytest.raises(NotAnEmailAddress) as refusal:
        await identity.do.confirm_contact(person.insured, text)
    assert not text or text not in str(refusal.value)
    assert identity.accounts.told == []


async def test_an_unusual_address_is_taken(identity):
    person = await identity.person()
    contact = await identity.do.confirm_contact(person.insured, "o'brien+cns@mail.example.co.uk")
    assert contact.email == "o'brien+cns@mail.example.co.uk"


async def test_without_a_file_there_is_no_account(identity):
    with pytest.raises(NotOnFile):
        await identity.do.confirm_contact(InsuredId(uuid4()), "a@example.lu")


async def test_two_first_addresses_at_once_make_one_account(identity):
    person = await identity.person()

    async def nothing_yet(_id):
        return None

    await identity.do.confirm_contact(person.insured, "a@example.lu")
    identity.accounts.get = nothing_yet
    with pytest.raises(VersionConflict):
        await identity.do.confirm_contact(person.insured, "b@example.lu")
    assert len(identity.accounts.told) == 1


async def test_a_matricule_that_another_person_still_has_is_waited_for(identity):
    await identity.person(MATRICULE)
    with pytest.raises(RetryLater) as wait:
        await identity.person(MATRICULE)
    assert MATRICULE not in str(wait.value)
