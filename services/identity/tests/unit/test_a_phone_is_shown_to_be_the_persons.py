from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import phonenumbers
import pytest

from espace_contracts.events import MobileCodeRequested, MobileConfirmed
from espace_contracts.vocabulary import InsuredId, Locale, NoticeMeans
from espace_identity.app.request_contact_code import NotOnFile
from espace_identity.domain.challenge import NoCodeOpen, TooManyCodes, WrongCode
from espace_identity.domain.mobile import COUNTRIES, NotAMobileNumber, mobile_in
from espace_identity.events.outgoing import contract_of

NUMBER = "+352621123456"


async def code_of(identity, insured) -> str:
    return await identity.do.tell_contact_code(identity.accounts.by_id[insured].pending_mobile.challenge)


async def confirmed(identity, person, number: str = NUMBER) -> None:
    await identity.do.request_mobile_code(person.insured, number)
    await identity.do.confirm_mobile(person.insured, await code_of(identity, person.insured))


def revisions(identity) -> list[tuple[str | None, int]]:
    told = [contract_of(event) for event in identity.accounts.told]
    return [(event.mobile, event.revision) for event in told if isinstance(event, MobileConfirmed)]


async def test_the_number_is_confirmed_by_the_code_that_was_sent_there(identity):
    person = await identity.person(locale=Locale.GERMAN)
    pending = await identity.do.request_mobile_code(person.insured, " 621 123 456 ")
    assert (await identity.do.see_account(person.insured)).pending_mobile == pending
    mobile = await identity.do.confirm_mobile(person.insured, await code_of(identity, person.insured))
    assert mobile.number == NUMBER
    assert [contract_of(event) for event in identity.accounts.told] == [
        MobileCodeRequested(
            insured=person.insured, challenge=pending.challenge, mobile=NUMBER, expires_at=pending.expires_at, locale=Locale.GERMAN
        ),
        MobileConfirmed(insured=person.insured, revision=1, mobile=NUMBER, locale=Locale.GERMAN),
    ]
    seen = await identity.do.see_account(person.insured)
    assert (seen.mobile, seen.pending_mobile, seen.contact) == (mobile, None, None)


async def test_a_number_and_an_address_are_confirmed_each_by_its_own_code(identity):
    person = await identity.person()
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    await identity.do.request_mobile_code(person.insured, NUMBER)
    for_address = await identity.do.tell_contact_code(identity.accounts.by_id[person.insured].pending.challenge)
    for_number = await code_of(identity, person.insured)
    with pytest.raises(WrongCode):
        await identity.do.confirm_mobile(person.insured, for_address)
    with pytest.raises(WrongCode):
        await identity.do.confirm_contact(person.insured, for_number)
    await identity.do.confirm_mobile(person.insured, for_number)
    await identity.do.confirm_contact(person.insured, for_address)


async def test_each_change_is_a_new_revision_and_a_removal_is_one_too(identity):
    person = await identity.person()
    await confirmed(identity, person)
    await confirmed(identity, person)
    await identity.do.remove_mobile(person.insured)
    await identity.do.remove_mobile(person.insured)
    await confirmed(identity, person)
    assert revisions(identity) == [(NUMBER, 1), (None, 2), (NUMBER, 3)]


async def test_a_removal_ends_a_code_on_its_way_too(identity):
    person = await identity.person()
    await identity.do.request_mobile_code(person.insured, NUMBER)
    code, challenge = await code_of(identity, person.insured), identity.accounts.by_id[person.insured].pending_mobile.challenge
    await identity.do.remove_mobile(person.insured)
    with pytest.raises(NoCodeOpen):
        await identity.do.confirm_mobile(person.insured, code)
    with pytest.raises(NoCodeOpen):
        await identity.do.tell_contact_code(challenge)
    assert revisions(identity) == []


async def test_after_five_wrong_codes_or_ten_minutes_the_right_one_counts_no_more(identity):
    person, late = await identity.person(), await identity.person()
    await identity.do.request_mobile_code(person.insured, NUMBER)
    code = await code_of(identity, person.insured)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as wrong:
            await identity.do.confirm_mobile(person.insured, "")
        assert wrong.value.tries_left == left
    for typed in ("", code):
        with pytest.raises(NoCodeOpen):
            await identity.do.confirm_mobile(person.insured, typed)
    await identity.do.request_mobile_code(late.insured, NUMBER)
    code = await code_of(identity, late.insured)
    identity.clock.move(minutes=10)
    with pytest.raises(NoCodeOpen):
        await identity.do.confirm_mobile(late.insured, code)
    assert (await identity.do.see_account(late.insured)).pending_mobile is None


async def test_a_person_is_sent_three_codes_a_day_whatever_the_number(identity):
    person = await identity.person()
    for last in "123":
        await identity.do.request_mobile_code(person.insured, f"+35262112345{last}")
        identity.clock.move(hours=1)
    for _ in range(5):
        with pytest.raises(TooManyCodes) as limit:
            await identity.do.request_mobile_code(person.insured, NUMBER)
    assert limit.value.wait == timedelta(hours=21)
    await identity.do.request_mobile_code((await identity.person()).insured, NUMBER)
    identity.clock.move(hours=21)
    await identity.do.request_mobile_code(person.insured, NUMBER)


async def test_a_number_is_sent_three_codes_a_day_whoever_asks(identity):
    for _ in range(3):
        await identity.do.request_mobile_code((await identity.person()).insured, NUMBER)
    person = await identity.person()
    with pytest.raises(TooManyCodes):
        await identity.do.request_mobile_code(person.insured, "00352 621 123 456")
    await identity.do.request_mobile_code(person.insured, "+352621123457")
    identity.clock.move(hours=24)
    await identity.do.request_mobile_code(person.insured, NUMBER)


async def test_without_a_file_or_a_request_there_is_no_code(identity):
    with pytest.raises(NotOnFile):
        await identity.do.request_mobile_code(InsuredId(uuid4()), NUMBER)
    with pytest.raises(NoCodeOpen):
        await identity.do.confirm_mobile(InsuredId(uuid4()), "000000")
    assert identity.mobile_tries.spent == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("621 123 456", NUMBER),
        ("+352 621-123-456", NUMBER),
        ("00352621123456", NUMBER),
        ("+49 151 23456789", "+4915123456789"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_a_number_is_taken_as_people_write_it(text, number):
    assert mobile_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "a mobile", "661", "+33", "+352 661 12", "+352621123456789", "+3522757",
        "+352 90 01 23 45",  # a number that pays its owner
        "+12025550123", "+447781123456", "+8801712345678", "+882341234567", "+352621123456\r\nX: 1" * 20,
    ],
)  # fmt: skip
async def test_what_is_no_mobile_number_or_from_far_away_is_refused_without_repeating_it(identity, text):
    person = await identity.person()
    with pytest.raises(NotAMobileNumber) as refusal:
        await identity.do.request_mobile_code(person.insured, text)
    assert not text or text not in str(refusal.value)
    assert (identity.accounts.told, identity.mobile_tries.spent) == ([], {})


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_a_mobile_number_of_each_country_is_taken(country):
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert mobile_in(written) == phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)


async def test_a_contact_whose_notices_come_back_is_shown_so_until_it_is_confirmed_anew(identity):
    person = await identity.person()

    async def address_confirmed() -> None:
        await identity.do.request_contact_code(person.insured, "a@example.lu")
        challenge = identity.accounts.by_id[person.insured].pending.challenge
        await identity.do.confirm_contact(person.insured, await identity.do.tell_contact_code(challenge))

    await address_confirmed()
    await confirmed(identity, person)
    first = identity.clock()
    for means in NoticeMeans:
        await identity.do.hear_bounce(person.insured, means, 2, first)  # a revision that it does not have
    seen = await identity.do.see_account(person.insured)
    assert (seen.contact.bounced_at, seen.mobile.bounced_at) == (None, None)
    for _ in range(2):
        for means in NoticeMeans:
            await identity.do.hear_bounce(person.insured, means, 1, identity.clock())
        identity.clock.move(hours=1)
    seen = await identity.do.see_account(person.insured)
    assert (seen.contact.bounced_at, seen.mobile.bounced_at) == (first, first)
    await address_confirmed()
    await confirmed(identity, person)
    seen = await identity.do.see_account(person.insured)
    assert (seen.contact.bounced_at, seen.mobile.bounced_at) == (None, None)
    assert (seen.contact.revision, seen.mobile.revision) == (2, 2)
