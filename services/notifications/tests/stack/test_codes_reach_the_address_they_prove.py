from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from espace_contracts.events import ContactCodeRequested, MobileCodeRequested
from espace_contracts.vocabulary import Locale
from espace_kernel.clock import utc_now

from .conftest import Person, Stage
from .neighbours import until

CODE = "804217"
SUBJECTS = {
    Locale.FRENCH: "Votre code pour l\N{RIGHT SINGLE QUOTATION MARK}eSpace",
    Locale.GERMAN: "Ihr Code für den eSpace",
    Locale.ENGLISH: "Your code for the eSpace",
    Locale.LUXEMBOURGISH: "Äre Code fir den eSpace",
}


def a_request(stage: Stage, person: Person, locale: Locale = Locale.ENGLISH, expires_at: datetime | None = None) -> ContactCodeRequested:
    """The person gave an address; identity knows the code."""
    challenge = uuid4()
    stage.neighbours.codes[challenge] = CODE
    return ContactCodeRequested(
        insured=person.id,
        challenge=challenge,
        email=person.email,
        expires_at=expires_at or utc_now() + timedelta(minutes=10),
        locale=locale,
    )


async def stored(stage: Stage, challenge: UUID, **condition: object) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        found: dict[str, Any] | None = await stage.database["contact_codes"].find_one({"challenge": challenge, **condition})
        return found

    return await until(there)


@pytest.mark.parametrize("locale", Locale)
async def test_a_code_is_sent_once_in_the_persons_language_and_stays_nowhere(stage, locale, capfd):
    person = Person()
    request = a_request(stage, person, locale)
    async with stage.service():
        await stage.send(*await stage.tell(request))
        await stage.mail.gets(person.email)
        kept = await stored(stage, request.challenge, state="sent")
        await stage.tell(person.confirms())  # comes after the repeat
        await until(lambda: stage.database["contacts"].find_one({"_id": person.id}))
    (mail,) = stage.mail.mails_to(person.email)
    assert mail["Subject"] == SUBJECTS[locale]
    assert mail["Content-Language"] == locale.value
    assert mail.get_content().splitlines().count(CODE) == 1
    assert "://" not in mail.get_content()
    assert CODE not in repr(kept)
    assert "address" not in kept
    told = "".join(capfd.readouterr())
    assert "a message was tried" in told
    assert CODE not in told
    assert person.email not in told


async def test_the_code_for_a_number_goes_to_it_and_the_number_is_in_no_log(stage, capfd):
    person, challenge = Person(), uuid4()
    stage.neighbours.codes[challenge] = CODE
    request = MobileCodeRequested(
        insured=person.id, challenge=challenge, mobile=person.mobile, expires_at=utc_now() + timedelta(minutes=10), locale=Locale.GERMAN
    )
    async with stage.service():
        await stage.send(*await stage.tell(request))
        (text,) = await stage.texts_to(person, 1)
        kept = await stored(stage, challenge, state="sent")
        assert await stage.database["contact_codes"].count_documents({"challenge": challenge}) == 1
    assert CODE in text
    assert "address" not in kept
    told = "".join(capfd.readouterr())
    assert "mobile_code" in told
    assert person.mobile.removeprefix("+") not in told
    assert CODE not in told


async def test_a_code_that_identity_no_longer_knows_is_not_sent(stage):
    person = Person()
    request = a_request(stage, person)
    stage.neighbours.codes.clear()
    async with stage.service():
        await stage.tell(request)
        await stored(stage, request.challenge, state="expired")
    assert stage.mail.mails_to(person.email) == []


async def test_a_code_that_is_told_too_late_is_not_sent(stage):
    person = Person()
    request = a_request(stage, person, expires_at=utc_now() - timedelta(seconds=1))
    async with stage.service():
        await stage.tell(request)
        await stored(stage, request.challenge, state="expired")
    assert stage.mail.mails_to(person.email) == []


async def test_a_code_waits_while_identity_is_away(stage):
    person = Person()
    request = a_request(stage, person)
    await stage.neighbours.go()
    async with stage.service():
        await stage.tell(request)
        waiting = await stored(stage, request.challenge, problem={"$exists": True})
        assert waiting["problem"].startswith("Identity cannot be reached or broke off")
        await stage.neighbours.come()
        await stage.leases_end()
        await stored(stage, request.challenge, state="sent")
    assert len(stage.mail.mails_to(person.email)) == 1


async def test_a_code_is_asked_for_with_a_token_that_identity_gives(stage):
    person = Person()
    request = a_request(stage, person)
    (stage.secrets / "notifications.client-secret").unlink()
    async with stage.service():
        await stage.tell(request)
        waiting = await stored(stage, request.challenge, problem={"$exists": True})
    assert waiting["problem"].startswith("The secret file notifications.client-secret is missing.")
    assert stage.mail.mails_to(person.email) == []
