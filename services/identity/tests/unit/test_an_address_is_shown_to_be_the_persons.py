from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace_contracts.events import ContactCodeRequested, ContactConfirmed, SessionsEnded
from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.request_contact_code import NotOnFile
from espace_identity.domain.account import SessionsClosed
from espace_identity.domain.challenge import ContactCodes, NoCodeOpen, TooManyCodes, WrongCode
from espace_identity.domain.contact import NotAnEmailAddress
from espace_identity.events.outgoing import contract_of
from espace_kernel.outcomes import RetryLater

from .conftest import MATRICULE


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def code_of(identity, insured) -> str:
    return await identity.do.tell_contact_code(identity.accounts.by_id[insured].pending.challenge)


async def confirmed(identity, person, email: str) -> None:
    await identity.do.request_contact_code(person.insured, email)
    await identity.do.confirm_contact(person.insured, await code_of(identity, person.insured))


async def test_the_address_is_confirmed_by_the_code_that_was_sent_there(identity):
    person = await identity.person(locale=Locale.GERMAN)
    pending = await identity.do.request_contact_code(person.insured, " sophie.hoffmann@example.lu ")
    contact = await identity.do.confirm_contact(person.insured, await code_of(identity, person.insured))
    assert contact.email == "sophie.hoffmann@example.lu"
    assert [contract_of(event) for event in identity.accounts.told] == [
        ContactCodeRequested(
            insured=person.insured, challenge=pending.challenge, email=contact.email, expires_at=pending.expires_at, locale=Locale.GERMAN
        ),
        ContactConfirmed(insured=person.insured, revision=1, email=contact.email, locale=Locale.GERMAN),
    ]
    seen = await identity.do.see_account(person.insured)
    assert (seen.contact, seen.pending) == (contact, None)


async def test_the_end_of_sessions_is_told_as_agreed(identity):
    insured, session = InsuredId(uuid4()), uuid4()
    told = contract_of(SessionsClosed(insured, (session,), identity.clock.now))
    assert told == SessionsEnded(insured=insured, sessions=(session,), ended_at=identity.clock.now)


async def test_the_code_is_in_no_event_and_not_in_the_store(identity):
    person = await identity.person()
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    code = await code_of(identity, person.insured)
    told = "".join(contract_of(event).model_dump_json() for event in identity.accounts.told)
    assert len(code) == 6
    assert f'"{code}"' not in told
    assert code not in repr(identity.accounts.by_id[person.insured].pending.__dict__ | {"challenge": None, "expires_at": None})


async def test_nothing_changes_before_the_code(identity):
    person = await identity.person()
    await confirmed(identity, person, "first@example.lu")
    await identity.do.request_contact_code(person.insured, "second@example.lu")
    seen = await identity.do.see_account(person.insured)
    assert seen.contact is not None
    assert seen.pending is not None
    assert (seen.contact.email, seen.pending.email) == ("first@example.lu", "second@example.lu")
    identity.clock.move(minutes=10)
    assert (await identity.do.see_account(person.insured)).pending is None


async def test_each_new_address_is_a_new_revision_and_the_same_one_is_told_once(identity):
    person = await identity.person()
    for email in ("a@example.lu", "a@example.lu", "b@example.lu", "a@example.lu"):
        await confirmed(identity, person, email)
    told = [contract_of(event) for event in identity.accounts.told]
    assert [(event.email, event.revision) for event in told if isinstance(event, ContactConfirmed)] == [
        ("a@example.lu", 1),
        ("b@example.lu", 2),
        ("a@example.lu", 3),
    ]


async def test_a_code_counts_for_ten_minutes(identity):
    person = await identity.person()
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    challenge, code = identity.accounts.by_id[person.insured].pending.challenge, await code_of(identity, person.insured)
    identity.clock.move(minutes=9, seconds=59)
    assert await identity.do.tell_contact_code(challenge) == code
    identity.clock.move(seconds=1)
    with pytest.raises(NoCodeOpen):
        await identity.do.confirm_contact(person.insured, code)
    with pytest.raises(NoCodeOpen):
        await identity.do.tell_contact_code(challenge)


async def test_after_five_wrong_codes_the_right_one_counts_no_more(identity):
    person = await identity.person()
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    code = await code_of(identity, person.insured)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as wrong:
            await identity.do.confirm_contact(person.insured, another(code))
        assert wrong.value.tries_left == left
    for typed in (another(code), code):
        with pytest.raises(NoCodeOpen):
            await identity.do.confirm_contact(person.insured, typed)
    assert (await identity.do.see_account(person.insured)).contact is None


@pytest.mark.parametrize("typed", ["", "1", "½", "0000000"])
async def test_what_is_no_code_is_a_wrong_one(identity, typed):
    person = await identity.person()
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    with pytest.raises(WrongCode):
        await identity.do.confirm_contact(person.insured, typed)


async def test_a_new_code_replaces_the_old_one(identity):
    person = await identity.person()
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    first = identity.accounts.by_id[person.insured].pending.challenge
    await identity.do.request_contact_code(person.insured, "b@example.lu")
    with pytest.raises(NoCodeOpen):
        await identity.do.tell_contact_code(first)
    with pytest.raises(WrongCode):
        await identity.do.confirm_contact(person.insured, identity.codes.code_for(first))
    contact = await identity.do.confirm_contact(person.insured, await code_of(identity, person.insured))
    assert contact.email == "b@example.lu"


async def test_a_person_is_sent_five_codes_an_hour_and_no_more(identity):
    person, other = await identity.person(), await identity.person()
    for _ in range(5):
        await identity.do.request_contact_code(person.insured, "a@example.lu")
        identity.clock.move(minutes=1)
    with pytest.raises(TooManyCodes) as limit:
        await identity.do.request_contact_code(person.insured, "b@example.lu")
    assert limit.value.wait.total_seconds() == 55 * 60
    await identity.do.request_contact_code(other.insured, "a@example.lu")
    identity.clock.move(minutes=55)
    await identity.do.request_contact_code(person.insured, "b@example.lu")


async def test_without_a_request_there_is_no_code(identity):
    person = await identity.person()
    with pytest.raises(NoCodeOpen):
        await identity.do.confirm_contact(person.insured, "000000")
    with pytest.raises(NoCodeOpen):
        await identity.do.confirm_contact(InsuredId(uuid4()), "000000")
    with pytest.raises(NoCodeOpen):
        await identity.do.tell_contact_code(uuid4())


@settings(deadline=None)
@given(st.uuids(), st.binary(min_size=1, max_size=64))
def test_a_code_is_six_digits_and_follows_from_its_challenge_and_key(challenge, key):
    code = ContactCodes(key).code_for(challenge)
    assert len(code) == 6
    assert code.isdecimal()
    assert code == ContactCodes(key).code_for(challenge)


def test_codes_of_another_key_are_others():
    challenges = [uuid4() for _ in range(20)]
    ours, theirs = ([ContactCodes(key).code_for(challenge) for challenge in challenges] for key in (b"one", b"two"))
    assert ours != theirs
    assert len(set(ours)) > 15


@pytest.mark.parametrize(
    "text",
    ["", "sophie", "@example.org", "sophie@", "sophie@localhost", "so phie@example.lu", "s@exa mple.lu", "s@example.lu\nBcc: x@example.lu",
     "sophie@example..lu", "sophie@-example.lu", "sophié@example.lu", "a@b@example.lu", "s@" + "x" * 64 + ".lu", "x" * 65 + "@example.lu",
     "s@" + ".".join(["x" * 60] * 5)],
)  # fmt: skip
async def test_what_is_no_address_is_refused_without_repeating_it(identity, text):
    person = await identity.person()
    with pytest.raises(NotAnEmailAddress) as refusal:
        await identity.do.request_contact_code(person.insured, text)
    assert not text or text not in str(refusal.value)
    assert identity.accounts.told == []


async def test_an_unusual_address_is_taken(identity):
    person = await identity.person()
    assert (
        await identity.do.request_contact_code(person.insured, "o'brien+cns@mail.example.co.uk")
    ).email == "o'brien+cns@mail.example.co.uk"


async def test_without_a_file_there_is_no_account(identity):
    with pytest.raises(NotOnFile):
        await identity.do.request_contact_code(InsuredId(uuid4()), "a@example.lu")
    seen = await identity.do.see_account(InsuredId(uuid4()))
    assert (seen.contact, seen.pending) == (None, None)


async def test_a_matricule_that_another_person_still_has_is_waited_for(identity):
    await identity.person(MATRICULE)
    with pytest.raises(RetryLater) as wait:
        await identity.person(MATRICULE)
    assert MATRICULE not in str(wait.value)
