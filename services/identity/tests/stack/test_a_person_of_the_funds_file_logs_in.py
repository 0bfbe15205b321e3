from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

from joserfc.jwk import KeySet

from espace_contracts.events import SessionsEnded
from espace_identity.domain.assurance import SUBSTANTIAL
from espace_identity.domain.secret import fingerprint_of
from espace_kernel.access import TokenVerifier
from espace_kernel.clock import utc_now

from .conftest import GATEWAY, NOTIFICATIONS, recorded, until


async def test_a_person_the_fund_told_of_logs_in_and_gets_tokens_that_hold(identity):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    answer = (await identity.token_for(browser.session)).json()
    assert (answer["expires_in"], answer["insured"]) == (120, str(person.insured))
    published = (await identity.http.get("/.well-known/jwks.json")).json()

    async def keys() -> KeySet:
        return KeySet.import_key_set(published)

    principal = await TokenVerifier(keys).verify(answer["token"])
    assert (principal.insured, principal.acr, str(principal.session)) == (person.insured, SUBSTANTIAL, answer["session"])


async def test_the_session_says_how_long_it_lasts_and_nothing_about_the_person(identity):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    answer = await browser.open("/api/v1/session")
    assert answer.status_code == 200
    assert answer.json().keys() == {"provider", "acr", "auth_time", "ends_at", "latest_end"}
    assert person.matricule not in answer.text
    assert str(person.insured) not in answer.text


async def test_a_changed_matricule_is_followed_and_the_old_one_opens_nothing(identity):
    first = await identity.on_file()
    second = await identity.on_file(insured=first.insured, revision=2)
    await identity.told(first)  # once more
    browser = await identity.logged_in(second)
    assert (await identity.token_for(browser.session)).json()["insured"] == str(first.insured)
    identity.provider.logs_in(matricule=first.matricule)
    refused = await identity.browser().logs_in()
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-insured")


async def test_a_matricule_passes_to_another_person_once_its_holder_has_a_new_one(identity):
    holder = await identity.on_file()
    heir, changed = recorded(matricule=holder.matricule), recorded(revision=2, insured=holder.insured)
    await identity.told(heir)  # waits: it came before the holder's own change
    await identity.told(changed)
    persons = identity.kernel.database["persons"]
    await until(lambda: persons.find_one({"_id": heir.insured}))
    assert (await persons.find_one({"matricule": heir.matricule}))["_id"] == heir.insured
    assert (await persons.find_one({"matricule": changed.matricule}))["_id"] == holder.insured


async def test_a_planted_cookie_opens_nothing(identity):
    browser = identity.browser()
    browser.cookies["espace"] = "planted-by-somebody"
    await identity.logged_in(await identity.on_file(), browser)
    assert browser.session != "planted-by-somebody"
    assert (await identity.token_for("planted-by-somebody")).status_code == 404


async def test_of_many_uses_of_one_callback_at_once_one_logs_in(identity):
    person = await identity.on_file()
    identity.provider.logs_in(matricule=person.matricule)
    browser = identity.browser()
    back = await browser.is_sent_back()
    copies = [identity.browser() for _ in range(20)]
    for copy in copies:
        copy.cookies = dict(browser.cookies)
    answers = await asyncio.gather(*(copy.open(back) for copy in copies))
    assert sorted(answer.status_code for answer in answers) == [302] + [400] * 19
    assert len([each async for each in identity.kernel.database["sessions"].find({"insured": person.insured})]) == 1


async def test_a_login_ends_the_session_before_and_says_so(identity, accounts_topic):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    first = (await identity.token_for(browser.session)).json()["session"]
    old = browser.session
    await identity.logged_in(person, browser)
    assert browser.session != old
    assert (await identity.token_for(old)).status_code == 404
    assert (await identity.token_for(browser.session)).status_code == 200
    [told] = await accounts_topic.of(person.insured, SessionsEnded, 1)
    assert told["sessions"] == [first]


async def test_logout_ends_the_session_at_once_and_repeats_alike(identity, accounts_topic):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    secret = browser.session
    for _ in range(2):
        answer = await identity.http.delete("/api/v1/session", headers={"cookie": f"espace={secret}"})
        assert answer.status_code == 200
        assert "Max-Age=0" in answer.headers["set-cookie"]
    assert (await identity.token_for(secret)).status_code == 404
    browser.cookies["espace"] = secret
    seen = await browser.open("/api/v1/session")
    assert (seen.status_code, seen.json()["type"]) == (401, "/problems/not-logged-in")
    await accounts_topic.of(person.insured, SessionsEnded, 1)


async def test_logging_out_everywhere_ends_all_of_the_persons_sessions_in_one_word(identity, accounts_topic):
    person, other = await identity.on_file(), await identity.on_file()
    browsers = [await identity.logged_in(person) for _ in range(3)]
    others = await identity.logged_in(other)
    headers = await identity.bearer(browsers[0])
    assert len((await identity.http.get("/api/v1/sessions", headers=headers)).json()["sessions"]) == 3
    assert (await identity.http.delete("/api/v1/sessions", headers=headers)).status_code == 204
    for browser in browsers:
        assert (await identity.token_for(browser.session)).status_code == 404
    assert (await identity.token_for(others.session)).status_code == 200
    [told] = await accounts_topic.of(person.insured, SessionsEnded, 1)
    assert len(told["sessions"]) == 3


async def test_a_logout_at_the_provider_ends_its_sessions_once_and_no_others(identity, accounts_topic):
    person, other = await identity.on_file(), await identity.on_file()
    others = await identity.logged_in(other)
    browser = await identity.logged_in(person)
    token = identity.provider.logout_token("luxtrust")
    answers = [await identity.http.post("/api/v1/login/backchannel-logout/luxtrust", data={"logout_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["reason"] == "replayed"
    assert (await identity.token_for(browser.session)).status_code == 404
    assert (await identity.token_for(others.session)).status_code == 200
    await accounts_topic.of(person.insured, SessionsEnded, 1)


async def test_a_person_who_has_died_is_logged_out(identity, accounts_topic):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    await identity.on_file(insured=person.insured, matricule=person.matricule, revision=2, deceased=True)
    await accounts_topic.of(person.insured, SessionsEnded, 1)
    assert (await identity.token_for(browser.session)).status_code == 404


async def test_sessions_closed_by_a_call_that_died_are_told_by_the_sweeper(identity, accounts_topic):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    sessions = identity.kernel.database["sessions"]
    closed = {"ended_at": utc_now() - timedelta(minutes=1), "ended_why": "logged_out"}
    await sessions.update_one({"_id": fingerprint_of(browser.session)}, {"$set": closed})
    assert (await identity.token_for(browser.session)).status_code == 404
    [sweeper] = [each for each in identity.wiring.sweepers if each.name == "ended sessions nobody was told of"]
    await sweeper.repair()
    await accounts_topic.of(person.insured, SessionsEnded, 1)
    assert await sessions.find_one({"insured": person.insured}) is None


async def test_the_store_holds_the_cookies_hash_and_never_the_cookie(identity):
    browser = await identity.logged_in(await identity.on_file())
    await browser.is_sent_back()
    kept = [each for name in ("sessions", "login_attempts") async for each in identity.kernel.database[name].find({})]
    assert fingerprint_of(browser.session) in [each["_id"] for each in kept]
    for secret in browser.cookies.values():
        assert secret not in repr(kept)


async def test_what_is_over_opens_nothing_and_is_dropped(identity):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    back = await browser.is_sent_back()
    database, long_ago = identity.kernel.database, utc_now() - timedelta(days=1)
    moments = dict.fromkeys(("logged_in_at", "seen_at", "ends_at"), long_ago)
    await database["sessions"].update_one({"_id": fingerprint_of(browser.session)}, {"$set": moments})
    await database["login_attempts"].update_many({}, {"$set": {"began_at": long_ago, "ends_at": long_ago}})
    assert (await identity.token_for(browser.session)).status_code == 404
    for sweeper in identity.wiring.sweepers:
        await sweeper.repair()
    assert await database["sessions"].find_one({"insured": person.insured}) is None
    assert await database["login_attempts"].find_one({}) is None
    assert (await browser.open(back)).json()["reason"] == "attempt-over"


async def test_only_the_gateway_gets_tokens_of_persons(identity):
    browser = await identity.logged_in(await identity.on_file())
    refused = await identity.token_for(browser.session, by=NOTIFICATIONS)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/gateway-only")
    for stranger in (("gateway", "guessed"), ("nobody", "x"), ("notifications", GATEWAY[1])):
        answer = await identity.token_for(browser.session, by=stranger)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")
    assert (await identity.http.post("/internal/token")).status_code == 401


async def test_a_service_gets_a_token_for_itself(identity):
    answer = await identity.http.post("/internal/token", auth=NOTIFICATIONS)
    principal = await identity.kernel.verifier.verify(answer.json()["token"])
    assert (principal.service, principal.insured) == ("notifications", None)


async def test_an_identity_of_another_country_opens_one_file_and_the_one_before_no_more(identity):
    person, twin = await identity.on_file(), await identity.on_file()
    old, new = (f"FR/LU/{uuid4()}" for _ in range(2))

    async def links(identifier: str, matricule: str) -> int:
        identity.provider.logs_in(person_identifier=identifier, given_name="Sophie", family_name="Hoffmann", birthdate="1983-08-12")
        browser = identity.browser()
        assert (await browser.logs_in("eidas")).status_code == 409
        return (await browser.open("/api/v1/login/links", "POST", json={"matricule": matricule})).status_code

    identity.provider.logs_in(person_identifier=old, given_name="Sophie", family_name="Hoffmann", birthdate="1983-08-12")
    racing = [identity.browser() for _ in range(2)]
    for browser in racing:
        await browser.logs_in("eidas")
    answers = await asyncio.gather(
        *(
            browser.open("/api/v1/login/links", "POST", json={"matricule": each.matricule})
            for browser, each in zip(racing, (person, twin), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 403]
    winner = person if answers[0].status_code == 201 else twin
    assert (await identity.browser().logs_in("eidas")).status_code == 302
    assert await links(new, winner.matricule) == 201
    identity.provider.logs_in(person_identifier=old, given_name="Sophie", family_name="Hoffmann", birthdate="1983-08-12")
    refused = await identity.browser().logs_in("eidas")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/identity-replaced")


async def test_tries_at_a_matricule_are_counted_however_many_come_at_once(identity):
    await identity.on_file()
    stranger = await identity.on_file(family_name="Weber")
    identity.provider.logs_in(person_identifier=f"FR/LU/{uuid4()}", given_name="Sophie", family_name="Hoffmann", birthdate="1983-08-12")
    browser = identity.browser()
    await browser.logs_in("eidas")
    answers = await asyncio.gather(
        *(browser.open("/api/v1/login/links", "POST", json={"matricule": stranger.matricule}) for _ in range(12))
    )
    assert sorted(answer.status_code for answer in answers) == [403] * 5 + [429] * 7
