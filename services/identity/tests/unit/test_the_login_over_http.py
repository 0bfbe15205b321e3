"""What a browser, a provider and the gateway meet at identity's door."""

from __future__ import annotations

from uuid import uuid4

import pytest
from starlette.responses import PlainTextResponse

from espace_contracts.events import FamilyRecorded, LetterPosted, NoticeBounced, PersonRecorded, ProcedureForwarded
from espace_contracts.topics import ACCOUNTS
from espace_contracts.vocabulary import NoticeMeans
from espace_identity.domain.account import SessionsClosed
from espace_identity.events.incoming import subscriptions

from .conftest import MATRICULE
from .door import LOGGED_OUT, PUBLIC, Door, parameters_of


async def bearer(door: Door, browser) -> dict[str, str]:
    return {"authorization": f"Bearer {(await door.token_for(browser.session)).json()['token']}"}


async def test_the_ways_to_log_in_are_named_in_the_persons_language(door: Door):
    answer = await door.http.get("/api/v1/login/providers", params={"locale": "de"})
    choices = answer.json()["providers"]
    assert [choice["provider"] for choice in choices] == ["luxtrust", "eid", "eidas"]
    assert choices[1]["name"].startswith("Elektronischer Personalausweis")
    assert choices[0]["about"] == "Ein LuxTrust-Produkt erhalten Sie bei Ihrer Bank oder bei LuxTrust."
    assert [choice["note"] for choice in choices] == [None] * 3


async def test_a_step_up_wants_a_new_proof_and_gives_a_new_cookie(door: Door):
    browser = door.browser()
    door.identity.clock.move(minutes=-20)
    door.provider.logs_in(matricule=MATRICULE)
    await browser.logs_in()
    first = browser.session
    door.identity.clock.move(minutes=20)
    away = await browser.goes_to_the_provider(step_up=True)
    asked = parameters_of(away.headers["location"])
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    door.provider.logs_in(matricule=MATRICULE)
    assert (await browser.logs_in(step_up=True, return_to="/bank")).headers["location"] == "/bank"
    assert browser.session != first
    principal = await door.http._transport.app.state.verifier.verify((await door.token_for(browser.session)).json()["token"])
    assert principal.auth_time == int(door.identity.clock.now.timestamp())
    assert (await door.token_for(first)).status_code == 404


@pytest.mark.parametrize("age", [31, 300, 3500])
async def test_a_step_up_with_the_proof_of_before_is_refused(door: Door, age):
    browser = door.browser()
    await browser.logs_in()
    secret = browser.session
    door.provider.id_token = {"auth_time": int(door.identity.clock.now.timestamp()) - age}
    answer = await browser.logs_in(step_up=True)
    assert (answer.status_code, answer.json()["reason"]) == (502, "auth-time")
    assert browser.session == secret
    assert len(door.identity.sessions.by_fingerprint) == 1


async def test_another_person_at_a_step_up_is_refused(door: Door):
    await door.identity.person("1990093012358")
    browser = door.browser()
    await browser.logs_in()
    door.provider.logs_in(matricule="1990093012358")
    answer = await browser.logs_in(step_up=True)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/another-person")
    assert (await browser.open("/api/v1/session")).status_code == 200


async def test_a_step_up_without_a_session_is_refused(door: Door):
    answer = await door.browser().goes_to_the_provider(step_up=True)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-logged-in")


async def test_logging_out_says_where_to_log_out_at_the_provider_without_naming_the_person(door: Door):
    browser = door.browser()
    await browser.logs_in()
    answer = await browser.open("/api/v1/session", "DELETE")
    address = answer.json()["provider_logout_url"]
    assert address.startswith(f"{door.provider.issuer('luxtrust')}/logout?")
    assert parameters_of(address) == {
        "client_id": "espace", "post_logout_redirect_uri": f"{PUBLIC}/", "logout_hint": door.provider.claims["sid"],
    }  # fmt: skip
    assert browser.session is None
    again = await browser.open("/api/v1/session", "DELETE")
    assert (again.status_code, again.json()) == (200, {"provider_logout_url": None})


@pytest.mark.parametrize(
    "misbehaviour", [{"metadata": {"end_session_endpoint": None}}, {"answers": {"configuration": PlainTextResponse("", 500)}}]
)
async def test_logging_out_works_without_the_provider(door: Door, misbehaviour):
    browser = door.browser()
    await browser.logs_in()
    door.identity.clock.move(minutes=29)
    for name, value in misbehaviour.items():
        setattr(door.provider, name, value)
    door.identity.providers.get("luxtrust")._published._metadata = None
    answer = await browser.open("/api/v1/session", "DELETE")
    assert (answer.status_code, answer.json()["provider_logout_url"]) == (200, None)
    assert door.nobody_is_logged_in()


async def tells_logout(door: Door, token: str, provider: str = "luxtrust"):
    return await door.http.post(f"/api/v1/login/backchannel-logout/{provider}", data={"logout_token": token})


@pytest.mark.parametrize("left_out", ["sub", "sid"])
async def test_a_logout_at_the_provider_ends_the_session_here(door: Door, left_out):
    browser, other = door.browser(), door.browser()
    await browser.logs_in()
    token = door.provider.logout_token("luxtrust", **{left_out: None})
    door.provider.logs_in(matricule=MATRICULE, sub="somebody else")
    await other.logs_in()
    answer = await tells_logout(door, token)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (await browser.open("/api/v1/session")).status_code == 401
    assert (await other.open("/api/v1/session")).status_code == 200
    [told] = door.identity.accounts.told
    assert isinstance(told, SessionsClosed)


FORGED = {
    "another issuer": ({"iss": "https://evil.example"}, "issuer"),
    "another audience": ({"aud": "another-client"}, "audience"),
    "no moment": ({"iat": None}, "issued-at"),
    "a moment that is none": ({"iat": True}, "issued-at"),
    "no id": ({"jti": None}, "token"),
    "no event": ({"events": None}, "token"),
    "another event": ({"events": {"http://schemas.openid.net/event/other": {}}}, "token"),
    "an event that is none": ({"events": {LOGGED_OUT: "yes"}}, "token"),
    "a list of events": ({"events": [LOGGED_OUT]}, "token"),
    "a nonce": ({"nonce": "n"}, "nonce"),
    "nobody": ({"sub": None, "sid": None}, "token"),
    "a session that is none": ({"sub": None, "sid": 7}, "token"),
    "everybody": ({"sub": "", "sid": ""}, "token"),
    "a foreign party": ({"azp": "another-client"}, "authorized-party"),
}


@pytest.mark.parametrize(("changes", "reason"), FORGED.values(), ids=FORGED)
async def test_a_forged_logout_ends_nothing(door: Door, changes, reason):
    browser = door.browser()
    await browser.logs_in()
    answer = await tells_logout(door, door.provider.logout_token("luxtrust", **changes))
    assert (answer.status_code, answer.json()["type"], answer.json()["reason"]) == (400, "/problems/logout-token-refused", reason)
    assert answer.json()["detail"].endswith(".")
    assert (await browser.open("/api/v1/session")).status_code == 200


async def test_a_logout_that_is_old_replayed_or_not_signed_ends_nothing(door: Door):
    first = door.browser()
    await first.logs_in()
    token = door.provider.logout_token("luxtrust", sid=None)
    old = door.provider.logout_token("luxtrust", exp=None)
    head, body, _ = token.split(".")
    assert (await tells_logout(door, token)).status_code == 200
    browser = door.browser()
    await browser.logs_in()
    for forged, reason in [
        (token, "replayed"),
        (f"{head}.{body}.", "signature"),
        ("nothing", "token"),
        ("x" * 17_000, "token"),
        ("é", "token"),
    ]:
        answer = await tells_logout(door, forged)
        assert (answer.status_code, answer.json()["reason"]) == (400, reason)
    door.identity.clock.move(minutes=10, seconds=1)
    assert (await tells_logout(door, old)).json()["reason"] == "issued-at"
    assert (await browser.open("/api/v1/session")).status_code == 200


async def test_a_token_of_a_login_is_none_of_a_logout_and_the_other_way_round(door: Door):
    browser = door.browser()
    await browser.logs_in()
    now = int(door.provider.clock().timestamp())
    whole = {
        "iss": door.provider.issuer("luxtrust"),
        "aud": "espace",
        "iat": now,
        "exp": now + 60,
        "sub": "subject-1",
        "nonce": "n",
        "jti": "j",
    }
    assert (await tells_logout(door, door.provider.signed(whole))).json()["reason"] == "token"
    door.provider.header = {"typ": "logout+jwt"}
    assert (await door.browser().logs_in()).json()["reason"] == "token"


async def test_a_logout_of_an_unknown_provider_or_one_that_is_away(door: Door):
    assert (await tells_logout(door, "x", "facebook")).json()["type"] == "/problems/no-provider"
    door.provider.answers = {"jwks": PlainTextResponse("", 500)}
    door.provider.logs_in(matricule=MATRICULE)
    answer = await tells_logout(door, door.provider.logout_token("luxtrust"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/login-provider-away")


async def test_an_identity_of_another_country_is_linked_in_the_browser_that_logged_in(door: Door):
    door.provider.logs_in(person_identifier="FR/LU/12345", given_name="Sophie", family_name="Hoffmann", birthdate="1983-08-12")
    browser, other = door.browser(), door.browser()
    answer = await browser.logs_in("eidas", return_to="/documents")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/identity-not-linked")
    assert browser.session is None
    nothing = await other.open("/api/v1/login/links", "POST", json={"matricule": MATRICULE})
    assert (nothing.status_code, nothing.json()["type"]) == (404, "/problems/nothing-to-link")
    slip = await browser.open("/api/v1/login/links", "POST", json={"matricule": "1983081246786"})
    assert (slip.status_code, slip.json()["type"]) == (422, "/problems/invalid-matricule")
    linked = await browser.open("/api/v1/login/links", "POST", json={"matricule": MATRICULE})
    assert (linked.status_code, linked.json()["return_to"]) == (201, "/documents")
    assert (await browser.open("/api/v1/session")).json()["provider"] == "eidas"
    again = door.browser()
    assert (await again.logs_in("eidas")).status_code == 302


async def test_a_file_that_does_not_fit_is_not_linked_and_tries_run_out(door: Door):
    door.provider.logs_in(person_identifier="FR/LU/12345", given_name="Paul", family_name="Weber", birthdate="1983-08-12")
    browser = door.browser()
    await browser.logs_in("eidas")
    for _ in range(5):
        answer = await browser.open("/api/v1/login/links", "POST", json={"matricule": MATRICULE})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/link-refused")
        assert "Hoffmann" not in answer.text
    answer = await browser.open("/api/v1/login/links", "POST", json={"matricule": MATRICULE})
    assert (answer.status_code, answer.json()["type"], answer.headers["retry-after"]) == (429, "/problems/linking-limit", "86400")
    assert door.nobody_is_logged_in()


async def test_sessions_are_listed_and_ended(door: Door):
    here, there = door.browser(), door.browser()
    await here.logs_in()
    await there.logs_in()
    listed = (await door.http.get("/api/v1/sessions", headers=await bearer(door, here))).json()["sessions"]
    assert sorted(session["this"] for session in listed) == [False, True]
    [other] = [session["session"] for session in listed if not session["this"]]
    assert (await door.http.delete(f"/api/v1/sessions/{other}", headers=await bearer(door, here))).status_code == 204
    assert (await there.open("/api/v1/session")).status_code == 401
    gone = await door.http.delete(f"/api/v1/sessions/{other}", headers=await bearer(door, here))
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/not-found")
    everywhere = await door.http.delete("/api/v1/sessions", headers=await bearer(door, here))
    assert everywhere.status_code == 204
    assert "Max-Age=0" in everywhere.headers["set-cookie"]
    assert door.nobody_is_logged_in()


async def test_the_account_over_http(door: Door):
    browser = door.browser()
    await browser.logs_in()
    headers = await bearer(door, browser)
    assert (await door.http.get("/api/v1/account", headers=headers)).json() == {
        "contact": None, "pending": None, "mobile": None, "pending_mobile": None, "missing": ["contact"],
    }  # fmt: skip
    wanted = await door.http.put("/api/v1/account/contact", json={"email": "a@example.lu"}, headers=headers)
    assert wanted.status_code == 202
    assert (await door.http.get("/api/v1/account", headers=headers)).json()["pending"]["email"] == "a@example.lu"
    code = await door.identity.do.tell_contact_code(next(iter(door.identity.accounts.by_id.values())).pending.challenge)
    wrong = await door.http.post("/api/v1/account/contact/confirmation", json={"code": f"{(int(code) + 1) % 10**6:06d}"}, headers=headers)
    assert (wrong.status_code, wrong.json()["type"], wrong.json()["tries_left"]) == (422, "/problems/wrong-code", 4)
    right = await door.http.post("/api/v1/account/contact/confirmation", json={"code": f"{code[:3]} {code[3:]}"}, headers=headers)
    assert (right.status_code, right.json()["email"]) == (200, "a@example.lu")
    over = await door.http.post("/api/v1/account/contact/confirmation", json={"code": code}, headers=headers)
    assert (over.status_code, over.json()["type"]) == (409, "/problems/no-code-open")
    assert (await door.http.get("/api/v1/account", headers=headers)).json()["missing"] == []
    for _ in range(4):
        await door.http.put("/api/v1/account/contact", json={"email": "b@example.lu"}, headers=headers)
    limit = await door.http.put("/api/v1/account/contact", json={"email": "b@example.lu"}, headers=headers)
    assert (limit.status_code, limit.json()["type"], limit.headers["retry-after"]) == (429, "/problems/contact-code-limit", "3601")


async def test_a_phone_over_http(door: Door):
    browser = door.browser()
    await browser.logs_in()
    headers = await bearer(door, browser)
    refused = await door.http.put("/api/v1/account/mobile", json={"mobile": "+352 27 57 1"}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-mobile")
    assert (await door.http.put("/api/v1/account/mobile", json={"mobile": "621 123 456"}, headers=headers)).status_code == 202
    account = next(iter(door.identity.accounts.by_id.values()))
    assert (await door.http.get("/api/v1/account", headers=headers)).json()["pending_mobile"]["mobile"] == "+352621123456"
    code = await door.identity.do.tell_contact_code(account.pending_mobile.challenge)
    right = await door.http.post("/api/v1/account/mobile/confirmation", json={"code": code}, headers=headers)
    assert (right.status_code, right.json()["mobile"], right.json()["bounced_at"]) == (200, "+352621123456", None)
    assert (await door.http.get("/api/v1/account", headers=headers)).json()["mobile"] == right.json()
    for _ in range(2):
        assert (await door.http.delete("/api/v1/account/mobile", headers=headers)).status_code == 204
    assert (await door.http.get("/api/v1/account", headers=headers)).json()["mobile"] is None


async def test_an_address_that_takes_no_notices_any_more_is_missing_over_http(door: Door):
    browser = door.browser()
    await browser.logs_in()
    headers = await bearer(door, browser)
    await door.http.put("/api/v1/account/contact", json={"email": "a@example.lu"}, headers=headers)
    account = next(iter(door.identity.accounts.by_id.values()))
    code = await door.identity.do.tell_contact_code(account.pending.challenge)
    await door.http.post("/api/v1/account/contact/confirmation", json={"code": code}, headers=headers)
    await door.identity.do.hear_bounce(account.id, NoticeMeans.EMAIL, 1, door.identity.clock())
    shown = (await door.http.get("/api/v1/account", headers=headers)).json()
    assert shown["contact"]["bounced_at"] is not None
    assert shown["missing"] == ["contact"]


async def test_acting_for_somebody_wants_a_mandate(door: Door):
    browser = door.browser()
    await browser.logs_in()
    represented = str(uuid4())
    answer = await door.token_for(browser.session, on_behalf_of=represented, service="records", operation="getMe")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-mandate")
    assert (await door.token_for("nothing", on_behalf_of=represented)).status_code == 404


def test_identity_hears_what_concerns_it_and_speaks_on_one_topic():
    heard = {PersonRecorded.type, FamilyRecorded.type, ProcedureForwarded.type, LetterPosted.type, NoticeBounced.type}
    assert set(subscriptions.handlers) == heard
    assert ACCOUNTS.owner == "identity"
