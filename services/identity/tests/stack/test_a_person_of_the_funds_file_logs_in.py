from __future__ import annotations

import json
from datetime import date
from itertools import count
from uuid import uuid4

import pytest
from joserfc.jwk import KeySet
from stdnum import luhn, verhoeff

from espace_contracts.events import PersonRecorded
from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.domain.session import SUBSTANTIAL, fingerprint_of
from espace_kernel.access import TokenVerifier

from .conftest import GATEWAY, NOTIFICATIONS, Identity, until

_numbers = count()


def new_matricule() -> str:
    """One that nobody has yet."""
    base = f"20010101{next(_numbers):03d}"
    return base + luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base)


def on_file(matricule: str | None = None, *, revision: int = 1, insured: InsuredId | None = None) -> PersonRecorded:
    return PersonRecorded(
        insured=insured or InsuredId(uuid4()), revision=revision, matricule=matricule or new_matricule(), given_name="Sophie",
        family_name="Hoffmann", date_of_birth=date(1983, 8, 12), address=None, locale=Locale.FRENCH,
    )  # fmt: skip


async def logged_in(identity: Identity) -> tuple[PersonRecorded, str]:
    """A new person, and the cookie of their session."""
    person = on_file()
    await identity.told(person)
    return person, await identity.cookie_of(person.matricule)


async def test_a_person_the_fund_told_of_logs_in_and_gets_tokens_that_hold(identity):
    person, cookie = await logged_in(identity)
    answer = await identity.token_for(cookie)
    assert answer.json()["expires_in"] == 120
    published = (await identity.http.get("/.well-known/jwks.json")).json()

    async def keys() -> KeySet:
        return KeySet.import_key_set(published)

    principal = await TokenVerifier(keys).verify(answer.json()["token"])
    assert (principal.insured, principal.acr) == (person.insured, SUBSTANTIAL)


async def test_the_session_says_how_long_it_lasts_and_nothing_about_the_person(identity):
    person, cookie = await logged_in(identity)
    answer = await identity.http.get("/api/v1/session", headers={"cookie": f"espace={cookie}"})
    assert answer.status_code == 200
    assert answer.json().keys() == {"acr", "auth_time", "ends_at", "latest_end"}
    assert person.matricule not in answer.text
    assert str(person.insured) not in answer.text


@pytest.mark.parametrize("matricule", ["2003042581939", "2003042581938", "", "abc"])
async def test_every_refusal_of_a_login_reads_the_same(identity, matricule):
    answer = await identity.log_in(matricule)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/login-refused"
    assert "set-cookie" not in answer.headers
    assert not matricule or matricule not in answer.text


async def test_a_changed_matricule_is_followed_and_the_old_one_opens_nothing(identity):
    first = on_file()
    second, third = on_file(revision=2, insured=first.insured), on_file(revision=3, insured=first.insured)
    await identity.told(first, second, first, third)  # the first once more, between its successors
    await identity.cookie_of(third.matricule)
    for old in (first, second):
        assert (await identity.log_in(old.matricule)).status_code == 401


async def test_a_matricule_passes_to_another_person_once_its_holder_has_a_new_one(identity):
    holder, _ = await logged_in(identity)
    heir, changed = on_file(holder.matricule), on_file(revision=2, insured=holder.insured)
    await identity.told(heir)  # waits: it came before the holder's own change
    await identity.told(changed)
    persons = identity.kernel.database["persons"]
    await until(lambda: persons.find_one({"_id": heir.insured}))
    assert (await persons.find_one({"matricule": heir.matricule}))["_id"] == heir.insured
    assert (await persons.find_one({"matricule": changed.matricule}))["_id"] == holder.insured


async def test_a_planted_cookie_opens_nothing_and_the_session_before_a_login_ends(identity):
    person, first = await logged_in(identity)
    planted = await identity.log_in(person.matricule, cookie="planted-by-somebody")
    second = (await identity.log_in(person.matricule, cookie=first)).cookies["espace"]
    identity.http.cookies.clear()
    assert planted.cookies["espace"] != "planted-by-somebody"
    assert second != first
    for dead in ("planted-by-somebody", first):
        assert (await identity.token_for(dead)).status_code == 404
    assert (await identity.token_for(second)).status_code == 200


async def test_logout_ends_the_session_at_once_and_repeats_alike(identity):
    _, cookie = await logged_in(identity)
    for _ in range(2):
        answer = await identity.http.delete("/api/v1/session", headers={"cookie": f"espace={cookie}"})
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
    assert (await identity.token_for(cookie)).status_code == 404
    seen = await identity.http.get("/api/v1/session", headers={"cookie": f"espace={cookie}"})
    assert (seen.status_code, seen.json()["type"]) == (401, "/problems/not-logged-in")


async def test_the_store_holds_the_cookies_hash_and_never_the_cookie(identity):
    _, cookie = await logged_in(identity)
    sessions = [session async for session in identity.kernel.database["sessions"].find({})]
    assert fingerprint_of(cookie) in [session["_id"] for session in sessions]
    assert cookie not in repr(sessions)


async def test_a_session_that_is_over_opens_nothing_and_the_next_login_drops_it(identity):
    person, cookie = await logged_in(identity)
    sessions = identity.kernel.database["sessions"]
    stored = await sessions.find_one({"_id": fingerprint_of(cookie)})
    long_ago = {name: stored[name].replace(year=2020) for name in ("logged_in_at", "seen_at", "ends_at")}
    await sessions.update_one({"_id": stored["_id"]}, {"$set": long_ago})
    assert (await identity.token_for(cookie)).status_code == 404
    await identity.cookie_of(person.matricule)
    assert await sessions.find_one({"_id": stored["_id"]}) is None


async def test_only_the_gateway_gets_tokens_of_persons(identity):
    _, cookie = await logged_in(identity)
    refused = await identity.token_for(cookie, by=NOTIFICATIONS)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/gateway-only")
    for stranger in (("gateway", "guessed"), ("nobody", "x"), ("notifications", GATEWAY[1])):
        answer = await identity.token_for(cookie, by=stranger)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")
    assert (await identity.http.post("/internal/token")).status_code == 401


async def test_a_service_gets_a_token_for_itself(identity):
    answer = await identity.http.post("/internal/token", auth=NOTIFICATIONS)
    principal = await identity.kernel.verifier.verify(answer.json()["token"])
    assert (principal.service, principal.insured) == ("notifications", None)


async def test_a_confirmed_contact_is_told_once_on_the_accounts_topic(identity, accounts_topic):
    person, cookie = await logged_in(identity)
    token = (await identity.token_for(cookie)).json()["token"]
    for email in ("first@example.lu", "first@example.lu", "second@example.lu"):
        answer = await identity.http.put("/api/v1/account/contact", json={"email": email}, headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["email"]) == (200, email)
    told = []
    async for record in accounts_topic:
        if record.key == str(person.insured).encode():
            told.append(json.loads(record.value))
        if told and told[-1]["email"] == "second@example.lu":
            break
    assert [(each["email"], each["revision"], each["locale"]) for each in told] == [
        ("first@example.lu", 1, "fr"),
        ("second@example.lu", 2, "fr"),
    ]


@pytest.mark.parametrize("email", ["nothing", "two words@example.lu"])
async def test_what_is_no_address_gets_a_sentence_that_helps(identity, email):
    _, cookie = await logged_in(identity)
    token = (await identity.token_for(cookie)).json()["token"]
    answer = await identity.http.put("/api/v1/account/contact", json={"email": email}, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-email")
    assert "name@example.lu" in answer.json()["detail"]


async def test_the_account_wants_a_persons_token(identity):
    service = (await identity.http.post("/internal/token", auth=NOTIFICATIONS)).json()["token"]
    for headers, status in (({}, 401), ({"authorization": f"Bearer {service}"}, 403)):
        answer = await identity.http.put("/api/v1/account/contact", json={"email": "a@example.lu"}, headers=headers)
        assert answer.status_code == status
