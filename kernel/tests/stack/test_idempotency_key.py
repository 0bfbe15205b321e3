from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Body, UploadFile
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.responses import JSONResponse

from espace_kernel.access import AUDIENCE, ISSUER, TokenVerifier
from espace_kernel.clock import utc_now
from espace_kernel.idempotency import EffectId, IdempotentRoute, OpenIdempotentRoute
from espace_kernel.problems import Problem
from espace_kernel.service import Wiring, application

KEY = ECKey.generate_key("P-256", {"kid": "ours"})


class Effects:
    """What the route under test did; `fault` makes its next tries fail in a way."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []
        self.fault: Exception | None = None
        self.gate: asyncio.Event | None = None


def routes(effects: Effects) -> APIRouter:
    router = APIRouter(route_class=IdempotentRoute)

    @router.post("/notes", status_code=201)
    async def create(effect: EffectId, text: str = Body(embed=True)) -> JSONResponse:
        if effects.gate is not None:
            await effects.gate.wait()
        effects.ids.append(effect)
        if effects.fault is not None:
            raise effects.fault
        return JSONResponse({"text": text, "effect": str(effect)}, 201, headers={"Location": f"/notes/{effect}", "ETag": '"1"'})

    @router.post("/files", status_code=201)
    async def upload(effect: EffectId, file: UploadFile) -> dict[str, Any]:
        effects.ids.append(effect)
        return {"size": len(await file.read())}

    return router


def open_routes(effects: Effects) -> APIRouter:
    router = APIRouter(route_class=OpenIdempotentRoute)

    @router.post("/receipts", status_code=201)
    async def receive(effect: EffectId, text: str = Body(embed=True)) -> dict[str, str]:
        effects.ids.append(effect)
        if not text:
            raise Problem(422, "wrong", "The text is empty.")
        return {"receipt": str(effect)}

    return router


@pytest.fixture
def effects() -> Effects:
    return Effects()


@pytest.fixture
async def http(notebook, effects) -> AsyncIterator[httpx.AsyncClient]:
    kernel = notebook().kernel

    async def keys() -> KeySet:
        return KeySet([KEY])

    kernel.verifier = TokenVerifier(keys)
    app = application(kernel, Wiring(routers=[routes(effects), open_routes(effects)], remembers_answers=True))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://notes") as client:
        yield client


def headers(key: UUID | None, person: UUID, **more: object) -> dict[str, str]:
    now = int(utc_now().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(person),
        "kind": "person",
        "acr": "",
        "auth_time": now,
        "iat": now,
        "exp": now + 120,
    } | more
    token = jwt.encode({"alg": "ES256", "kid": "ours"}, claims, KEY)
    return {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": str(key)} if key else {})


async def test_a_repeat_gets_the_first_answer_and_the_effect_happens_once(http, effects):
    sent = headers(uuid4(), uuid4())
    first = await http.post("/notes", json={"text": "a"}, headers=sent)
    again = await http.post("/notes", json={"text": "a"}, headers=sent)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert (again.headers["location"], again.headers["etag"]) == (first.headers["location"], '"1"')
    assert len(effects.ids) == 1


async def test_the_key_is_required_and_the_problem_says_how(http):
    answer = await http.post("/notes", json={"text": "a"}, headers=headers(None, uuid4()))
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")


async def test_the_same_key_with_other_content_is_refused(http, effects):
    sent = headers(uuid4(), uuid4())
    await http.post("/notes", json={"text": "a"}, headers=sent)
    answer = await http.post("/notes", json={"text": "b"}, headers=sent)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert len(effects.ids) == 1


async def test_the_same_key_of_another_person_is_another_key(http, effects):
    key = uuid4()
    await http.post("/notes", json={"text": "a"}, headers=headers(key, uuid4()))
    await http.post("/notes", json={"text": "a"}, headers=headers(key, uuid4()))
    assert len(set(effects.ids)) == 2


async def test_the_key_of_who_acts_for_a_person_is_not_the_persons_own(http, effects):
    key, person, holder = uuid4(), uuid4(), uuid4()
    for sent in (headers(key, person), headers(key, person, act={"sub": str(holder)}), headers(key, holder)):
        assert (await http.post("/notes", json={"text": "a"}, headers=sent)).status_code == 201
    assert len(set(effects.ids)) == 3


async def test_of_many_at_once_one_has_the_effect_and_the_others_are_told_to_wait(http, effects):
    effects.gate = asyncio.Event()
    sent = headers(uuid4(), uuid4())
    tries = [asyncio.create_task(http.post("/notes", json={"text": "a"}, headers=sent)) for _ in range(20)]
    _, running = await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
    while len(running) > 1:
        _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    effects.gate.set()
    answers = await asyncio.gather(*tries)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 409} == {"1"}
    assert len(effects.ids) == 1


@pytest.mark.parametrize("fault", [Problem(422, "wrong", "The text is wrong."), ZeroDivisionError()])
async def test_a_try_that_failed_may_be_repeated_and_finds_the_same_effect_id(http, effects, fault):
    sent = headers(uuid4(), uuid4())
    effects.fault = fault
    assert (await http.post("/notes", json={"text": "a"}, headers=sent)).status_code >= 400
    effects.fault = None
    assert (await http.post("/notes", json={"text": "a"}, headers=sent)).status_code == 201
    assert len(effects.ids) == 2
    assert len(set(effects.ids)) == 1


async def test_an_upload_repeated_with_another_boundary_is_the_same_request(http, effects):
    sent = headers(uuid4(), uuid4())
    for _ in range(2):
        answer = await http.post("/files", files={"file": ("a.pdf", b"%PDF-1.7")}, headers=sent)
        assert (answer.status_code, answer.json()) == (201, {"size": 8})
    assert len(effects.ids) == 1


async def test_without_a_login_a_repeat_gets_the_same_receipt(http, effects):
    key = {"Idempotency-Key": str(uuid4())}
    first = await http.post("/receipts", json={"text": "a"}, headers=key)
    again = await http.post("/receipts", json={"text": "a"}, headers=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert len(effects.ids) == 1


async def test_without_a_login_a_key_that_somebody_else_used_tells_nothing(http, effects):
    key = {"Idempotency-Key": str(uuid4())}
    first = await http.post("/receipts", json={"text": "a"}, headers=key)
    guessed = await http.post("/receipts", json={"text": "b"}, headers=key)
    assert (guessed.status_code, guessed.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert first.json()["receipt"] not in guessed.text


async def test_without_a_login_a_key_is_needed_and_a_refused_request_may_be_mended_under_it(http, effects):
    assert (await http.post("/receipts", json={"text": "a"})).status_code == 400
    key = {"Idempotency-Key": str(uuid4())}
    assert (await http.post("/receipts", json={"text": ""}, headers=key)).status_code == 422
    assert (await http.post("/receipts", json={"text": "a"}, headers=key)).status_code == 201
    assert len(set(effects.ids)) == 1
