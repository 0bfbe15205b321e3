"""A provider that misbehaves, and whoever comes between: each is refused by name, and nobody is logged in."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from .conftest import MATRICULE
from .door import PUBLIC, Browser, Door, LocalProvider, parameters_of

HIGH, LOW = "http://eidas.europa.eu/LoA/high", "http://eidas.europa.eu/LoA/low"
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "first"})
with warnings.catch_warnings(action="ignore"):
    WEAK = RSAKey.generate_key(1024, {"kid": "weak"})
NO_KEYS = [{"kty": "oct", "k": "c2VjcmV0"}, "x", {"kty": "EC"}, {"kty": "RSA"}]
UNSIGNED = {"alg": "none"}
NOT_TRUSTED = (502, "login-not-trusted")


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def id_token(**changes: object) -> Callable[[LocalProvider], None]:
    """The ID token says something else; a number is seconds from now."""

    def misbehave(provider: LocalProvider) -> None:
        now = int(provider.clock().timestamp())
        provider.id_token = {
            name: now + value if type(value) is int and name in {"exp", "iat", "nbf", "auth_time"} else value
            for name, value in changes.items()
        }

    return misbehave


def signing(sign: Callable[[LocalProvider, dict[str, Any], dict[str, Any]], str]) -> Callable[[LocalProvider], None]:
    def misbehave(provider: LocalProvider) -> None:
        provider.signs = lambda header, claims: sign(provider, header, claims)

    return misbehave


def header(**changes: object) -> Callable[[LocalProvider], None]:
    return lambda provider: provider.header.update(changes)


def metadata(**changes: object) -> Callable[[LocalProvider], None]:
    return lambda provider: provider.metadata.update(changes)


def callback(**changes: object) -> Callable[[LocalProvider], None]:
    return lambda provider: provider.callback.update(changes)


def answering(**answers: Response) -> Callable[[LocalProvider], None]:
    return lambda provider: setattr(provider, "answers", answers)


def token_answer(change: Callable[[dict[str, Any]], Response]) -> Callable[[LocalProvider], None]:
    async def answer(right: dict[str, Any]) -> Response:
        return change(right)

    return lambda provider: setattr(provider, "token_answer", answer)


def answer_with(**changes: object) -> Callable[[LocalProvider], None]:
    return token_answer(lambda right: JSONResponse(right | changes))


def with_public_key_as_secret(provider: LocalProvider, head: dict[str, Any], claims: dict[str, Any]) -> str:
    signed = f"{encoded({**head, 'alg': 'HS256'})}.{encoded(claims)}"
    signature = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def changed_after_signing(provider: LocalProvider, head: dict[str, Any], claims: dict[str, Any]) -> str:
    first, _, signature = jwt.encode(head, claims, provider.key).split(".")
    return f"{first}.{encoded({**claims, 'matricule': '1990093012358'})}.{signature}"


def unsigned(_provider: LocalProvider, head: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{encoded(head | UNSIGNED)}.{encoded(claims)}."


def weakly(provider: LocalProvider, head: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "weak"}, claims, WEAK, algorithms=["RS256"])


def with_a_weak_key(provider: LocalProvider) -> None:
    provider.published = [WEAK.as_dict(private=False)]
    signing(weakly)(provider)


SENT: list[int] = []
"""The pieces of an endless answer that its reader took."""


def endless() -> StreamingResponse:
    async def pieces():
        SENT.clear()
        for number in range(1000):
            SENT.append(number)
            yield b" " * 65536

    return StreamingResponse(pieces(), media_type="application/json")


CASES: dict[str, tuple[Callable[[LocalProvider], None], int, str, str]] = {
    # the token names somebody or something else
    "another issuer": (id_token(iss="https://evil.example"), *NOT_TRUSTED, "issuer"),
    "no issuer": (id_token(iss=None), *NOT_TRUSTED, "issuer"),
    "another audience": (id_token(aud="another-client"), *NOT_TRUSTED, "audience"),
    "one more audience": (id_token(aud=["espace", "another-client"]), *NOT_TRUSTED, "audience"),
    "no audience": (id_token(aud=None), *NOT_TRUSTED, "audience"),
    "a foreign authorized party": (id_token(azp="another-client"), *NOT_TRUSTED, "authorized-party"),
    "a swapped nonce": (id_token(nonce="of-another-login"), *NOT_TRUSTED, "nonce"),
    "no nonce": (id_token(nonce=None), *NOT_TRUSTED, "nonce"),
    "no subject": (id_token(sub=None), *NOT_TRUSTED, "subject"),
    "an endless subject": (id_token(sub="s" * 256), *NOT_TRUSTED, "subject"),
    # times
    "an expired token": (id_token(exp=-31), *NOT_TRUSTED, "expired"),
    "a token without an end": (id_token(exp=None), *NOT_TRUSTED, "expired"),
    "an end that is no number": (id_token(exp="tomorrow"), *NOT_TRUSTED, "expired"),
    "a token for later": (id_token(nbf=60), *NOT_TRUSTED, "not-yet-valid"),
    "a token from the future": (id_token(iat=60), *NOT_TRUSTED, "issued-at"),
    "a token from before the login": (id_token(iat=-60), *NOT_TRUSTED, "issued-at"),
    "no moment of the proof": (id_token(auth_time=None), *NOT_TRUSTED, "auth-time"),
    "a proof of yesterday": (id_token(auth_time=-86400), *NOT_TRUSTED, "auth-time"),
    "a proof in the future": (id_token(auth_time=60), *NOT_TRUSTED, "auth-time"),
    "a proof at no time": (id_token(auth_time="now"), *NOT_TRUSTED, "auth-time"),
    "a proof beyond all calendars": (id_token(auth_time=1e300), *NOT_TRUSTED, "auth-time"),
    # signatures
    "alg none": (signing(unsigned), *NOT_TRUSTED, "algorithm"),
    "HS256 with the public key": (signing(with_public_key_as_secret), *NOT_TRUSTED, "algorithm"),
    "another key under the known name": (
        signing(lambda _provider, head, claims: jwt.encode(head, claims, OTHER_KEY)), *NOT_TRUSTED, "signature",
    ),
    "a token changed after signing": (signing(changed_after_signing), *NOT_TRUSTED, "signature"),
    "a key nobody published": (header(kid="unheard-of"), *NOT_TRUSTED, "key-unknown"),
    "a weak key": (with_a_weak_key, *NOT_TRUSTED, "keys"),
    "keys that are none": (answering(jwks=JSONResponse({"keys": NO_KEYS})), *NOT_TRUSTED, "keys"),
    "keys in another shape": (answering(jwks=JSONResponse({"keys": "none"})), *NOT_TRUSTED, "keys"),
    "a token of another kind": (header(typ="at+jwt"), *NOT_TRUSTED, "token"),
    "what is no token": (signing(lambda *_: "no.token"), *NOT_TRUSTED, "token"),
    "a hash of another access token": (id_token(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), *NOT_TRUSTED, "token-hash"),
    # who it is, and how surely
    "a low level": (id_token(acr=LOW), 403, "level-of-assurance", "level"),
    "no level": (id_token(acr=None), 403, "level-of-assurance", "level"),
    "a level of one's own": (id_token(acr="gold"), 403, "level-of-assurance", "level"),
    "several levels": (id_token(acr=[HIGH]), 403, "level-of-assurance", "level"),
    "no matricule": (id_token(matricule=None), *NOT_TRUSTED, "matricule"),
    "a malformed matricule": (id_token(matricule="1983081246786"), *NOT_TRUSTED, "matricule"),
    "a matricule in a list": (id_token(matricule=[MATRICULE]), *NOT_TRUSTED, "matricule"),
    "a matricule that nobody has": (id_token(matricule="1990093012358"), 403, "not-insured", "not-on-file"),
    # the answer of the token endpoint
    "no ID token": (answer_with(id_token=None), *NOT_TRUSTED, "no-id-token"),
    "an ID token beyond measure": (answer_with(id_token="x" * 20_000), *NOT_TRUSTED, "no-id-token"),
    "another kind of access token": (answer_with(token_type="mac"), *NOT_TRUSTED, "token-answer"),
    "an end that cannot be read": (answer_with(expires_in="soon"), *NOT_TRUSTED, "token-answer"),
    "an answer in another format": (token_answer(lambda right: PlainTextResponse(json.dumps(right))), *NOT_TRUSTED, "token-answer"),
    "an answer that is a list": (token_answer(lambda right: JSONResponse([right])), *NOT_TRUSTED, "token-answer"),
    "an endless answer": (token_answer(lambda _right: endless()), *NOT_TRUSTED, "token-answer"),
    "a compressed answer": (
        token_answer(lambda right: JSONResponse(right, headers={"content-encoding": "gzip"})), *NOT_TRUSTED, "token-answer",
    ),
    "a redirect to elsewhere": (answering(token=RedirectResponse("https://evil.example/token", 307)), *NOT_TRUSTED, "token-answer"),
    "an error": (answering(token=JSONResponse({"error": "invalid_grant"}, 400)), *NOT_TRUSTED, "code"),
    "a page instead of an error": (answering(token=PlainTextResponse("no", 403)), *NOT_TRUSTED, "token-answer"),
    "a failure": (answering(token=PlainTextResponse("failed", 500)), 503, "login-provider-away", "away"),
    "keys that fail": (answering(jwks=PlainTextResponse("failed", 503)), 503, "login-provider-away", "away"),
    # the callback
    "another issuer in the callback": (callback(iss="https://evil.example"), 400, "login-mixed-up", "callback-issuer"),
    "no issuer in the callback, though promised": (callback(iss=None), 400, "login-mixed-up", "callback-issuer"),
    "no code": (callback(code=None), 400, "login-mixed-up", "callback"),
    "an error in the callback": (callback(code=None, error="access_denied"), 400, "login-cancelled", "cancelled"),
    "a code and an error": (callback(error="server_error"), 400, "login-cancelled", "cancelled"),
    "a state that nobody gave": (callback(state="made-up"), 400, "login-over", "attempt-over"),
    "no state": (callback(state=None), 400, "login-over", "attempt-over"),
}  # fmt: skip


def refused(answer: Any, status: int, name: str, reason: str) -> None:
    told = answer.json()
    assert (answer.status_code, told["type"], told["reason"]) == (status, f"/problems/{name}", reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["detail"].endswith(".")
    assert MATRICULE not in answer.text
    assert "espace=" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_is_wrong_is_refused_and_nobody_is_logged_in(door: Door, case):
    misbehave, status, name, reason = case
    misbehave(door.provider)
    refused(await door.browser().logs_in(), status, name, reason)
    assert door.nobody_is_logged_in()


async def test_an_endless_answer_is_not_read_to_its_end(door: Door):
    token_answer(lambda _right: endless())(door.provider)
    refused(await door.browser().logs_in(), *NOT_TRUSTED, "token-answer")
    assert len(SENT) < 500


async def test_the_same_provider_behaving_logs_the_person_in(door: Door):
    browser = door.browser()
    answer = await browser.logs_in(return_to="/procedures?status=open")
    assert (answer.status_code, answer.headers["location"]) == (302, "/procedures?status=open")
    assert (await browser.open("/api/v1/session")).json()["provider"] == "luxtrust"
    assert "espace-login" not in browser.cookies


async def test_the_provider_is_asked_for_what_protects_the_person(door: Door):
    away = await door.browser().goes_to_the_provider(locale="de")
    asked = parameters_of(away.headers["location"])
    assert asked.keys() == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
        "acr_values", "max_age", "ui_locales",
    }  # fmt: skip
    assert asked["redirect_uri"] == f"{PUBLIC}/api/v1/login/callback/luxtrust"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert (asked["acr_values"], asked["max_age"], asked["ui_locales"]) == ("http://eidas.europa.eu/LoA/substantial", "3600", "de")
    assert len(asked["state"]) == len(asked["nonce"]) == 43


async def test_no_two_logins_share_a_secret(door: Door):
    first, second = [parameters_of((await door.browser().goes_to_the_provider()).headers["location"]) for _ in range(2)]
    for secret in ("state", "nonce", "code_challenge"):
        assert first[secret] != second[secret]


UNSAFE = {
    "another issuer": metadata(issuer="https://evil.example"),
    "no issuer": metadata(issuer=None),
    "PKCE in clear": metadata(code_challenge_methods_supported=["plain"]),
    "no PKCE": metadata(code_challenge_methods_supported=None),
    "a login in clear": metadata(authorization_endpoint="http://evil.example/authorize"),
    "a script for an address": metadata(token_endpoint="javascript:alert(1)"),
    "no token endpoint": metadata(token_endpoint=None),
    "an address that is none": metadata(jwks_uri="http://[::bad/"),
    "a logout in clear": metadata(end_session_endpoint="http://evil.example/logout"),
    "an address with a password": metadata(authorization_endpoint="https://user:word@provider.example/"),
    "an address beyond measure": metadata(authorization_endpoint=f"https://provider.example/{'x' * 2000}"),
    "no code flow": metadata(response_types_supported=["id_token"]),
    "no public signature": metadata(id_token_signing_alg_values_supported=["none", "HS256"]),
    "algorithms that are no list": metadata(id_token_signing_alg_values_supported="ES256"),
    "no client secret": metadata(token_endpoint_auth_methods_supported=["private_key_jwt"]),
    "text": answering(configuration=PlainTextResponse("no JSON")),
    "a list": answering(configuration=JSONResponse(["a list"])),
    "nothing": answering(configuration=JSONResponse({}, 404)),
    "a redirect": answering(configuration=RedirectResponse("https://evil.example/", 302)),
    "an endless document": answering(configuration=endless()),
}


@pytest.mark.parametrize("misbehave", UNSAFE.values(), ids=UNSAFE)
async def test_a_provider_that_cannot_protect_the_person_is_not_gone_to(door: Door, misbehave):
    misbehave(door.provider)
    refused(await door.browser().goes_to_the_provider(), *NOT_TRUSTED, "metadata")
    assert door.identity.attempts.by_fingerprint == {}


async def test_a_provider_that_is_away_is_told(door: Door):
    door.provider.answers = {"configuration": PlainTextResponse("failed", 502)}
    answer = await door.browser().goes_to_the_provider()
    refused(answer, 503, "login-provider-away", "away")
    assert answer.headers["retry-after"] == "60"


async def test_a_callback_counts_once(door: Door):
    browser = door.browser()
    back = await browser.is_sent_back()
    assert (await browser.open(back)).status_code == 302
    refused(await browser.open(back), 400, "login-over", "attempt-over")


async def test_a_callback_that_was_refused_counts_no_second_time(door: Door):
    door.provider.id_token = {"nonce": "swapped"}
    browser = door.browser()
    back = await browser.is_sent_back()
    refused(await browser.open(back), *NOT_TRUSTED, "nonce")
    door.provider.behave()
    refused(await browser.open(back), 400, "login-over", "attempt-over")
    assert door.nobody_is_logged_in()


async def test_a_callback_of_another_browser_is_refused(door: Door):
    back = await door.browser().is_sent_back()
    thief = door.browser()
    refused(await thief.open(back), 400, "login-of-another-browser", "other-browser")
    assert door.nobody_is_logged_in()


async def test_a_victim_is_not_logged_in_as_the_one_who_sent_the_link(door: Door):
    attackers = await door.browser().is_sent_back()
    victim = door.browser()
    await victim.goes_to_the_provider()
    refused(await victim.open(attackers), 400, "login-of-another-browser", "other-browser")
    assert door.nobody_is_logged_in()


async def test_a_login_takes_ten_minutes_at_most(door: Door):
    browser = door.browser()
    back = await browser.is_sent_back()
    door.identity.clock.move(minutes=10)
    refused(await browser.open(back), 400, "login-over", "attempt-over")
    assert door.nobody_is_logged_in()


async def test_an_answer_at_the_address_of_another_provider_is_a_mix_up(door: Door):
    browser = door.browser()
    back = await browser.is_sent_back()
    refused(await browser.open(back.replace("/luxtrust", "/eid")), 400, "login-mixed-up", "other-provider")
    assert door.nobody_is_logged_in()


async def test_a_provider_that_answers_for_another_is_a_mix_up(door: Door):
    """The mix-up attack: the browser was sent to one provider, and another one answers with its own `iss`."""
    door.provider.callback = {"iss": door.provider.issuer("eid")}
    refused(await door.browser().logs_in(), 400, "login-mixed-up", "callback-issuer")
    assert door.nobody_is_logged_in()


async def test_a_parameter_that_comes_twice_is_refused(door: Door):
    browser = door.browser()
    back = await browser.is_sent_back()
    refused(await browser.open(f"{back}&state=another"), 400, "login-mixed-up", "callback")
    assert door.nobody_is_logged_in()


async def stolen_code(door: Door, browser: Browser) -> str:
    """The callback of a thief's own login, with the code of the victim's."""
    code = parameters_of(await door.browser().is_sent_back())["code"]
    own = parameters_of(await browser.is_sent_back())
    return f"/api/v1/login/callback/luxtrust?{urlencode({**own, 'code': code})}"


async def test_a_stolen_code_is_worth_nothing_at_a_provider_that_checks_its_proof(door: Door):
    thief = door.browser()
    refused(await thief.open(await stolen_code(door, thief)), *NOT_TRUSTED, "code")
    assert door.nobody_is_logged_in()


async def test_a_stolen_code_is_worth_nothing_even_where_the_provider_ignores_its_proof(door: Door):
    door.provider.checks_pkce = False
    thief = door.browser()
    refused(await thief.open(await stolen_code(door, thief)), *NOT_TRUSTED, "nonce")
    assert door.nobody_is_logged_in()


async def test_a_code_counts_once_at_the_provider(door: Door):
    browser = door.browser()
    used = parameters_of(await browser.is_sent_back())["code"]
    door.provider.grants.pop(used)
    again = parameters_of(await browser.is_sent_back())
    refused(await browser.open(f"/api/v1/login/callback/luxtrust?{urlencode({**again, 'code': used})}"), *NOT_TRUSTED, "code")
    assert door.nobody_is_logged_in()


async def test_who_has_died_does_not_log_in(door: Door):
    await door.identity.person("1990093012358", deceased=True)
    door.provider.logs_in(matricule="1990093012358")
    refused(await door.browser().logs_in(), 403, "person-deceased", "deceased")
    assert door.nobody_is_logged_in()


async def test_substantial_is_too_little_where_high_was_asked_for(door: Door):
    refused(await door.browser().logs_in("eid"), 403, "level-of-assurance", "level")
    assert door.nobody_is_logged_in()


async def test_a_higher_level_than_asked_for_enters(door: Door):
    door.provider.logs_in(matricule=MATRICULE, acr=HIGH)
    browser = door.browser()
    assert (await browser.logs_in()).status_code == 302
    assert (await browser.open("/api/v1/session")).json()["acr"] == HIGH


@pytest.mark.parametrize(
    "claims",
    [
        {"person_identifier": None},
        {"person_identifier": "FR/BE/12345"},
        {"person_identifier": "12345"},
        {"person_identifier": ["FR/LU/12345"]},
        {"birthdate": None},
        {"birthdate": "12.8.1983"},
    ],
)
async def test_an_identity_of_another_country_is_named_as_eidas_names_it(door: Door, claims):
    whole = {"person_identifier": "FR/LU/12345", "given_name": "Sophie", "family_name": "Hoffmann", "birthdate": "1983-08-12"}
    door.provider.logs_in(**whole | claims)
    refused(await door.browser().logs_in("eidas"), *NOT_TRUSTED, "person-identifier")
    assert door.identity.linkings.by_fingerprint == {}


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil", "", "/é", "javascript:x"]
)
async def test_a_login_sends_nobody_elsewhere(door: Door, where):
    answer = await door.browser().goes_to_the_provider(return_to=where)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-our-path")


async def test_there_is_no_other_way_to_log_in(door: Door):
    answer = await door.browser().goes_to_the_provider("facebook")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-provider")


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
async def test_rsa_signatures_are_read_too(door: Door, algorithm):
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    door.provider.published = KeySet([key]).as_dict()["keys"]
    door.provider.signs = lambda _head, claims: jwt.encode({"alg": algorithm, "kid": "rsa"}, claims, key, algorithms=[algorithm])
    assert (await door.browser().logs_in()).status_code == 302


async def test_a_provider_may_leave_its_name_out_of_the_callback_where_it_promised_none(door: Door):
    door.provider.metadata = {"authorization_response_iss_parameter_supported": None}
    door.provider.callback = {"iss": None}
    assert (await door.browser().logs_in()).status_code == 302


async def test_metadata_and_keys_are_read_once_and_again_after_an_hour(door: Door):
    browser = door.browser()
    for _ in range(3):
        await browser.logs_in()
    assert (door.provider.hits.count("configuration"), door.provider.hits.count("jwks")) == (1, 1)
    door.identity.clock.move(minutes=61)
    door.provider.logs_in(matricule=MATRICULE)
    await browser.logs_in()
    assert (door.provider.hits.count("configuration"), door.provider.hits.count("jwks")) == (2, 2)


async def test_a_provider_that_changes_its_key_is_followed_at_once(door: Door):
    assert (await door.browser().logs_in()).status_code == 302
    door.identity.clock.move(seconds=11)
    new = ECKey.generate_key("P-256", {"kid": "second"})
    door.provider.published = KeySet([door.provider.key, new]).as_dict()["keys"]
    door.provider.signs = lambda head, claims: jwt.encode({**head, "kid": "second"}, claims, new)
    assert (await door.browser().logs_in()).status_code == 302
    assert door.provider.hits.count("jwks") == 2


async def test_made_up_key_ids_do_not_flood_a_provider(door: Door):
    await door.browser().logs_in()
    door.provider.header = {"kid": "made-up"}
    for _ in range(3):
        refused(await door.browser().logs_in(), *NOT_TRUSTED, "key-unknown")
    assert door.provider.hits.count("jwks") == 1


async def test_metadata_and_keys_serve_for_a_day_while_they_cannot_be_read(door: Door):
    await door.browser().logs_in()
    door.provider.answers = {"configuration": PlainTextResponse("", 500), "jwks": PlainTextResponse("", 500)}
    door.identity.clock.move(hours=23)
    door.provider.logs_in(matricule=MATRICULE)
    assert (await door.browser().logs_in()).status_code == 302
    door.identity.clock.move(hours=1)
    refused(await door.browser().goes_to_the_provider(), 503, "login-provider-away", "away")
