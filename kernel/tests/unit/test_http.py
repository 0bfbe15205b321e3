"""The HTTP side of a service: problems, limits, access, health; without broker or store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, Body
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pymongo.errors import AutoReconnect

from espace_kernel.access import AUDIENCE, FRESH_SECONDS, ISSUER, CallingService, FreshInsured, Insured, TokenVerifier
from espace_kernel.clock import utc_now
from espace_kernel.outcomes import VersionConflict
from espace_kernel.problems import NotFound, Problem
from espace_kernel.service import Kernel, Wiring, application
from espace_kernel.settings import ServiceSettings

KEY, STRANGER = ECKey.generate_key("P-256", {"kid": "ours"}), ECKey.generate_key("P-256", {"kid": "ours"})
PERSON, HOLDER = uuid4(), uuid4()
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


def token(key: ECKey = KEY, algorithm: str = "ES256", **changes: object) -> str:
    now = int(utc_now().timestamp())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(PERSON), "kind": "person", "acr": SUBSTANTIAL, "auth_time": now,
        "iat": now, "exp": now + 120,
    } | changes  # fmt: skip
    return jwt.encode({"alg": algorithm, "kid": "ours"}, {name: value for name, value in claims.items() if value is not None}, key)


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/mine")
    async def mine(insured: Insured) -> dict[str, str]:
        return {"insured": str(insured)}

    @router.get("/fresh")
    async def fresh(insured: FreshInsured) -> dict[str, str]:
        return {"insured": str(insured)}

    @router.get("/internal")
    async def internal(caller: CallingService) -> dict[str, str]:
        return {"service": caller.name}

    @router.post("/count")
    async def count(number: Annotated[int, Body(embed=True)]) -> int:
        return number

    @router.get("/absent")
    async def absent() -> None:
        raise NotFound("procedure")

    @router.get("/conflict")
    async def conflict() -> None:
        raise VersionConflict

    @router.get("/away")
    async def away() -> None:
        raise AutoReconnect("127.0.0.1: connection refused")

    @router.get("/defect")
    async def defect() -> None:
        raise ZeroDivisionError("private text")

    return router


@pytest.fixture
async def kernel() -> Kernel:
    kernel = Kernel("notes", ServiceSettings(port=0, body_limit=1024 * 1024))

    async def keys() -> KeySet:
        return KeySet([KEY])

    kernel.verifier = TokenVerifier(keys)
    return kernel


@pytest.fixture
async def http(kernel: Kernel) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(kernel, Wiring(routers=[routes()])), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notes") as client:
        yield client


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


async def test_a_person_with_a_good_token_is_known(http):
    assert (await http.get("/mine", headers=bearer(token()))).json() == {"insured": str(PERSON)}


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "Basic abc",
        "Bearer",
        "Bearer not.a.token",
        f"Bearer {token(STRANGER)}",
        f"Bearer {token(exp=1)}",
        f"Bearer {token(exp=None)}",
        f"Bearer {token(aud='other')}",
        f"Bearer {token(iss='other')}",
        f"Bearer {token(kind=None)}",
        f"Bearer {token(sub='no uuid')}",
        f"Bearer {token(sid='no uuid')}",
        f"Bearer {token(act='somebody')}",
        f"Bearer {token(act={})}",
        f"Bearer {token(act={'sub': 'no uuid'})}",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
    ],
)
async def test_a_token_that_does_not_hold_is_refused(http, sent):
    answer = await http.get("/mine", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-logged-in"


@pytest.mark.parametrize("acr", ["http://eidas.europa.eu/LoA/low", "", "other"])
async def test_a_low_level_of_assurance_never_enters(http, acr):
    assert (await http.get("/mine", headers=bearer(token(acr=acr)))).json()["type"] == "/problems/level-of-assurance"


async def test_an_old_login_is_not_fresh(http):
    old = int(utc_now().timestamp()) - FRESH_SECONDS - 10
    assert (await http.get("/fresh", headers=bearer(token()))).status_code == 200
    assert (await http.get("/fresh", headers=bearer(token(auth_time=old)))).json()["type"] == "/problems/fresh-login-needed"
    assert (await http.get("/mine", headers=bearer(token(auth_time=old)))).status_code == 200


def on_behalf(**changes: object) -> str:
    return token(**{"act": {"sub": str(HOLDER)}, "scope": "notes documents"} | changes)


async def test_who_holds_a_mandate_for_a_service_acts_there_for_the_person(http):
    assert (await http.get("/mine", headers=bearer(on_behalf()))).json() == {"insured": str(PERSON)}


@pytest.mark.parametrize("scope", ["documents", "", "Notes", "notesx documents"])
async def test_a_mandate_for_another_service_opens_nothing_here(http, scope):
    answer = await http.get("/mine", headers=bearer(on_behalf(scope=scope)))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-mandate")


async def test_what_wants_a_fresh_login_is_never_done_by_mandate(http):
    answer = await http.get("/fresh", headers=bearer(on_behalf()))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-by-mandate")


async def test_who_acts_for_a_person_is_told_from_that_person(kernel):
    session = uuid4()
    own = await kernel.verifier.verify(token(sid=str(session)))
    acting = await kernel.verifier.verify(on_behalf())
    assert (own.session, own.acting, own.scopes) == (session, None, frozenset())
    assert (acting.insured, acting.acting, acting.scopes) == (PERSON, HOLDER, {"notes", "documents"})
    assert own.name == str(PERSON)
    assert acting.name not in {own.name, str(HOLDER)}


async def test_persons_and_services_do_not_pass_for_each_other(http):
    service = token(kind="service", sub="notifications", acr=None)
    assert (await http.get("/internal", headers=bearer(service))).json() == {"service": "notifications"}
    assert (await http.get("/internal", headers=bearer(token()))).status_code == 403
    assert (await http.get("/mine", headers=bearer(service))).status_code == 403


async def test_a_withdrawn_key_is_forgotten_and_a_known_one_holds_while_identity_is_away():
    at: list[KeySet | Exception] = [KeySet([KEY])]

    async def published() -> KeySet:
        if isinstance(at[0], Exception):
            raise at[0]
        return at[0]

    verifier = TokenVerifier(published)
    await verifier.verify(token())
    at[0] = httpx.ConnectError("refused")
    verifier._fetched_at -= 400  # as if the keys were fetched a while ago
    assert (await verifier.verify(token())).insured == PERSON
    at[0] = KeySet([ECKey.generate_key("P-256", {"kid": "the next one"})])
    with pytest.raises(Problem):
        await verifier.verify(token())


async def test_keys_that_cannot_be_fetched_are_a_problem_to_try_again(kernel, http):
    async def away() -> KeySet:
        raise httpx.ConnectError("refused")

    http._transport.app.state.verifier = TokenVerifier(away)
    assert (await http.get("/mine", headers=bearer(token()))).json()["type"] == "/problems/identity-away"


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "name"),
    [
        ("GET", "/absent", None, 404, "not-found"),
        ("GET", "/nowhere", None, 404, "not-found"),
        ("DELETE", "/count", None, 405, "method-not-allowed"),
        ("POST", "/count", b'{"number": "many"}', 422, "invalid-request"),
        ("POST", "/count", b"{", 422, "invalid-request"),
        ("GET", "/conflict", None, 412, "stale-version"),
        ("GET", "/away", None, 503, "store-away"),
        ("GET", "/defect", None, 500, "defect"),
        ("POST", "/count", b"x" * (1024 * 1024 + 1), 413, "too-large"),
    ],
)
async def test_every_error_is_a_problem_with_a_sentence(http, method, path, content, status, name):
    answer = await http.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{name}"
    assert answer.json()["detail"].endswith(".")
    assert "private text" not in answer.text


async def test_a_body_without_a_length_is_limited_too(http):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 64 * 1024

    answer = await http.post("/count", content=pieces(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_a_wrong_field_is_named(http):
    answer = await http.post("/count", json={"number": "many"})
    assert [wrong["field"] for wrong in answer.json()["errors"]] == ["number"]


async def test_ready_says_what_is_missing_while_alive_stays_true(kernel, http):
    kernel.health.clear("start")
    assert (await http.get("/readyz")).status_code == 200
    kernel.health.obstruct("relay", "The broker is away.")
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["obstacles"]) == (503, {"relay": "The broker is away."})
    assert (await http.get("/livez")).status_code == 200
    assert "espace_http_request_seconds" in (await http.get("/metrics")).text
