from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from starlette.responses import Response

from espace_contracts.events import SessionsEnded
from espace_contracts.vocabulary import InsuredId
from espace_gateway.app.person_tokens import KEPT_SECONDS, PersonTokens
from espace_gateway.app.ports import IssuedToken, NoSession
from espace_gateway.domain.operation import Operation
from espace_kernel.clock import utc_now

from .conftest import new_secret

SESSIONS = {"a": UUID(int=1), "b": UUID(int=2)}


class Identity:
    def __init__(self, expires_in: float = 120) -> None:
        self.expires_in, self.asked, self.dead = expires_in, 0, False
        self.meanwhile: Callable[[], None] = lambda: None

    async def token_for(self, session: str) -> IssuedToken:
        if self.dead:
            raise NoSession
        self.asked += 1
        self.meanwhile()
        return IssuedToken(f"{session} {self.asked}", self.expires_in, SESSIONS.get(session, uuid4()), InsuredId(UUID(int=9)))

    async def token_on_behalf(self, session: str, represented: InsuredId, operation: Operation) -> IssuedToken:
        raise AssertionError("what is asked for on behalf of others does not come by here")

    async def look_at(self, session: str) -> IssuedToken:
        raise AssertionError("open pages do not come by here")


async def token_of(tokens: PersonTokens, session: str) -> str:
    return (await tokens(session)).token


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_token_is_used_again_for_a_while_and_then_asked_for_anew(clock):
    identity = Identity()
    tokens = PersonTokens(identity, clock)
    assert [await token_of(tokens, "a"), await token_of(tokens, "a"), await token_of(tokens, "b"), await token_of(tokens, "a")] == [
        "a 1",
        "a 1",
        "b 2",
        "a 1",
    ]
    clock.now = KEPT_SECONDS - 0.1
    assert await token_of(tokens, "a") == "a 1"
    clock.now = KEPT_SECONDS
    assert await token_of(tokens, "a") == "a 3"


async def test_a_token_whose_life_is_nearly_over_is_not_used_again(clock):
    tokens = PersonTokens(Identity(expires_in=25), clock)
    assert await token_of(tokens, "a") == "a 1"
    clock.now = 4.9
    assert await token_of(tokens, "a") == "a 1"
    clock.now = 5.0
    assert await token_of(tokens, "a") == "a 2"


async def test_a_token_too_short_to_be_kept_is_used_once(clock):
    tokens = PersonTokens(Identity(expires_in=10), clock)
    assert [await token_of(tokens, "a"), await token_of(tokens, "a")] == ["a 1", "a 2"]


async def test_a_closed_session_is_noticed_at_once_when_told_and_soon_when_not(clock):
    identity = Identity()
    tokens = PersonTokens(identity, clock)
    await tokens("a")
    await tokens("b")
    identity.dead = True
    tokens.forget("a")
    tokens.forget("never seen")
    with pytest.raises(NoSession):
        await token_of(tokens, "a")
    assert await token_of(tokens, "b") == "b 2"
    clock.now = KEPT_SECONDS
    with pytest.raises(NoSession):
        await token_of(tokens, "b")


async def test_an_ended_session_is_forgotten_wherever_it_was_ended(clock):
    identity = Identity()
    tokens = PersonTokens(identity, clock)
    await tokens("a")
    await tokens("b")
    tokens.forget_all([SESSIONS["a"], uuid4()])
    identity.dead = True
    with pytest.raises(NoSession):
        await tokens("a")
    assert await token_of(tokens, "b") == "b 2"


async def test_a_token_given_while_its_session_ended_is_not_kept(clock):
    identity = Identity()
    tokens = PersonTokens(identity, clock)
    identity.meanwhile = lambda: tokens.forget_all([SESSIONS["a"]])
    await tokens("a")
    identity.dead = True
    with pytest.raises(NoSession):
        await tokens("a")
    clock.now = 100.0
    identity.dead, identity.meanwhile = False, lambda: None
    await tokens("b")
    assert tokens._ended == {}, "what is long over is not remembered"


async def test_tokens_that_ended_do_not_pile_up_and_no_session_is_held_in_clear(clock):
    tokens = PersonTokens(Identity(), clock)
    for number in range(1000):
        clock.now = float(number)
        await tokens(f"session-{number}")
    assert len(tokens._kept) <= KEPT_SECONDS + 1
    assert not any(b"session" in key for key in tokens._kept)


async def test_a_service_gets_the_persons_token_and_never_the_cookie(door):
    answers = [await door.get("/api/v1/me"), await door.get("/api/v1/documents"), await door.get("/api/v1/procedures")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert door.identity.issued == 1
    for service in (door.records, door.documents, door.procedures):
        [heard] = service.heard
        assert heard.headers["authorization"] == "Bearer token-1"
        assert "cookie" not in heard.headers
        assert door.secret not in repr(heard)


async def test_identity_gets_its_own_cookie_and_no_other(door):
    await door.get("/api/v1/session", cookie=f"theme=dark; espace={door.secret}; other=1")
    exchange, asked = door.identity.heard
    assert exchange.path == "/internal/sessions/token"
    assert asked.headers["cookie"] == f"espace={door.secret}"


async def test_the_cookie_that_binds_a_login_to_its_browser_reaches_identity_alone(door):
    binding = new_secret()
    both = f"espace={door.secret}; espace-login={binding}; espace-login-x={binding}"
    await door.get("/api/v1/session", cookie=both)
    [asked] = [heard for heard in door.identity.heard if heard.path == "/api/v1/session"]
    assert asked.headers["cookie"] == f"espace={door.secret}; espace-login={binding}"
    await door.get("/api/v1/me", cookie=both)
    await door.http.get("/api/v1/session", headers={"cookie": "espace-login=short"})
    assert all("short" not in repr(heard) for heard in door.identity.heard)
    assert "cookie" not in door.records.heard[0].headers


@pytest.mark.parametrize(
    "cookie",
    ["", "espace=", "espace=short", "other={0}", "espace=a-session-that-nobody-opened-here", "__Host-espace={0}", "espace={0}x"],
)
async def test_without_a_session_nothing_of_a_person_is_asked_for(door, cookie):
    answer = await door.http.get("/api/v1/me", headers={"cookie": cookie.format(door.secret)})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-logged-in")
    assert door.records.heard == []


async def test_a_cookie_that_cannot_be_a_session_is_not_even_asked_for(door):
    for value in ("short", "x" * 500, "with space in it, and long enough too", "dots.in.it.and.long.enough.to.be.one"):
        await door.http.get("/api/v1/me", headers={"cookie": f"espace={value}"})
    assert door.identity.heard == []


async def test_a_token_that_the_caller_brings_is_worth_nothing(door):
    anonymous = await door.http.get("/api/v1/me", headers={"authorization": "Bearer stolen"})
    catalogue = await door.http.get("/api/v1/procedures/catalogue", headers={"authorization": "Bearer stolen"})
    own = await door.get("/api/v1/me", authorization="Bearer stolen")
    assert (anonymous.status_code, catalogue.status_code, own.status_code) == (401, 200, 200)
    assert [heard.headers.get("authorization") for heard in door.records.heard] == ["Bearer token-1"]
    assert [heard.headers.get("authorization") for heard in door.procedures.heard] == [None]


async def test_a_login_needs_no_session_and_its_cookie_reaches_the_browser(door):
    answer = await door.http.post("/api/v1/login/links", json={"matricule": "1983081246785"})
    assert answer.status_code == 201
    assert answer.headers["set-cookie"].startswith("espace=a-session-that-nobody-else-knows-")
    assert "HttpOnly" in answer.headers["set-cookie"]
    [heard] = door.identity.heard
    assert (heard.path, heard.body) == ("/api/v1/login/links", b'{"matricule":"1983081246785"}')
    assert "authorization" not in heard.headers


async def test_after_logout_the_next_request_is_refused(door):
    assert (await door.get("/api/v1/me")).status_code == 200
    logout = await door.http.delete("/api/v1/session", headers=door.cookie)
    assert logout.status_code == 204
    assert "Max-Age=0" in logout.headers["set-cookie"]
    assert (await door.get("/api/v1/me")).status_code == 401
    assert len(door.records.heard) == 1


async def test_logout_works_without_a_session_too(door):
    door.identity.sessions.clear()
    assert (await door.http.delete("/api/v1/session", headers=door.cookie)).status_code == 204
    assert (await door.http.delete("/api/v1/session")).status_code == 204


async def test_a_cookie_that_a_service_other_than_identity_sets_is_dropped(door):
    async def with_cookie(_request):
        return Response("ok", headers={"set-cookie": "espace=planted"})

    door.records.answers = with_cookie
    answer = await door.get("/api/v1/me")
    assert answer.text == "ok"
    assert "set-cookie" not in answer.headers


async def test_when_identity_refuses_the_gateway_itself_nobody_is_told_that_they_are_logged_out(door):
    async def refusing(_request):
        return Response(status_code=401)

    door.identity.answers = refusing
    answer = await door.get("/api/v1/me")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/identity-away")
    assert int(answer.headers["retry-after"]) > 0


async def test_what_others_end_is_forgotten_at_once(door):
    assert (await door.get("/api/v1/me")).status_code == 200
    door.identity.sessions.clear()
    await door.hears(SessionsEnded(insured=door.person.insured, sessions=(door.person.session,), ended_at=utc_now()))
    assert (await door.get("/api/v1/me")).status_code == 401
    assert len(door.records.heard) == 1
