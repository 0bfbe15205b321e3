"""The gateway on a real port, before small services of a test that note what reaches them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from espace_contracts.event import Event
from espace_gateway.app.live_status import LiveStatus
from espace_gateway.settings import Settings
from espace_gateway.wiring import wire
from espace_kernel.clock import utc_now
from espace_kernel.envelope import Received
from espace_kernel.service import Kernel, Wiring, application, working

CLIENT_SECRET = "the-gateway's-own"

Answering = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Heard:
    """A request as it came to a service."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Upstream:
    """A service behind the door. `answers` is what it does with a request; without it, it says 200."""

    def __init__(self) -> None:
        self.url = ""
        self.forget()

    def forget(self) -> None:
        """As at the beginning of a test."""
        self.heard: list[Heard] = []
        self.answers: Answering | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        path = scope["raw_path"].decode()
        self.heard.append(Heard(request.method, path, request.url.query, dict(request.headers), body))
        answer = await self.answers(request) if self.answers else JSONResponse({"answered": path})
        await answer(scope, receive, send)


@dataclass(frozen=True)
class LoggedIn:
    """A session and whose it is."""

    session: UUID
    insured: UUID


class Identity(Upstream):
    """Gives tokens for the sessions it knows, to the gateway alone."""

    def forget(self) -> None:
        super().forget()
        self.sessions: dict[str, LoggedIn] = {}
        self.mandates: set[tuple[UUID, str]] = set()
        self.questions: list[dict[str, Any]] = []
        self.issued = 0
        self.answers = self._answer

    def logs_in(self) -> tuple[str, LoggedIn]:
        """A new session of a new person."""
        secret, person = new_secret(), LoggedIn(uuid4(), uuid4())
        self.sessions[secret] = person
        return secret, person

    async def _answer(self, request: Request) -> Response:
        if request.url.path != "/internal/sessions/token":
            return self._session(request)
        if self.heard[-1].headers["authorization"] != "Basic " + _basic(f"gateway:{CLIENT_SECRET}"):
            return JSONResponse({"type": "/problems/unknown-client"}, 401)
        question = json.loads(self.heard[-1].body)
        self.questions.append(question)
        person = self.sessions.get(question["session"])
        if person is None:
            return JSONResponse({"type": "/problems/no-session"}, 404)
        represented = question.get("on_behalf_of")
        if represented is not None and (UUID(represented), question["service"]) not in self.mandates:
            return JSONResponse({"type": "/problems/no-mandate"}, 403)
        self.issued += 1
        told = {"session": str(person.session), "insured": str(person.insured)}
        return JSONResponse({"token": f"token-{self.issued}", "expires_in": 120, **told})

    def _session(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.sessions.clear()
            answer = Response(status_code=204)
            answer.delete_cookie("espace")
            return answer
        answer = JSONResponse({"acr": "http://eidas.europa.eu/LoA/substantial"}, 201)
        answer.set_cookie("espace", new_secret(), httponly=True, samesite="lax")
        return answer


def new_secret() -> str:
    return f"a-session-that-nobody-else-knows-{uuid4().hex}"


def _basic(text: str) -> str:
    return httpx.BasicAuth(*text.split(":"))._auth_header.removeprefix("Basic ")


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The application's address, while it is served there."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sets it itself, but not for a socket it was given
    server = _Server(
        uvicorn.Config(app, lifespan="off", proxy_headers=False, log_config=None, access_log=False, ws="none", server_header=True)
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class Door:
    """The gateway, from outside, to a person who is logged in."""

    def __init__(self, http: httpx.AsyncClient, services: dict[str, Upstream], wiring: Wiring) -> None:
        self.http, self.services, self.wiring = http, list(services.values()), wiring
        self.live: LiveStatus = wiring.use_cases.live
        self.records, self.procedures, self.documents = services["records"], services["procedures"], services["documents"]
        identity = services["identity"]
        assert isinstance(identity, Identity)
        self.identity = identity
        self.begin_anew()

    def begin_anew(self) -> None:
        """Services that heard nothing yet, and a session that the gateway has not seen."""
        self.http.cookies.clear()
        for service in self.services:
            service.forget()
        self.secret, self.person = self.identity.logs_in()
        self.cookie = {"cookie": f"espace={self.secret}"}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=self.cookie | headers)

    async def hears(self, event: Event) -> None:
        """The gateway sees this event on a topic it watches."""
        assert self.wiring.watches is not None
        _, handler = self.wiring.watches.handlers[event.type]
        received = Received(id=uuid4(), type=event.type, source="/test", time=utc_now(), correlation_id=uuid4(), data=event)
        await handler(received, self.wiring.use_cases)

    def heard_nothing(self) -> bool:
        return all(service.heard == [] for service in self.services)


@asynccontextmanager
async def opened(secrets: Path, **settings: Any) -> AsyncIterator[Door]:
    """A door with these settings, before its four services. Nobody is counted unless a test says so."""
    (secrets / "gateway.client-secret").write_text(CLIENT_SECRET)
    services = {"identity": Identity(), "records": Upstream(), "procedures": Upstream(), "documents": Upstream()}
    async with AsyncExitStack() as stack:
        for service in services.values():
            service.url = await stack.enter_async_context(served(service))
        addresses = {f"{name}_url": service.url for name, service in services.items()}
        uncounted = {} if "https" in str(settings.get("public_url", "")) else {"rate_limits": False}
        kernel = Kernel("gateway", Settings(secrets=secrets, **(addresses | uncounted | settings)))
        wiring = wire(kernel)
        await stack.enter_async_context(working(kernel, replace(wiring, watches=None)))  # a test shows the events itself
        url = await stack.enter_async_context(served(wiring.around(application(kernel, wiring))))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60, limits=httpx.Limits(max_connections=None)))
        yield Door(http, services, wiring)


@pytest.fixture(scope="session")
async def _open_door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("secrets")) as door:
        yield door


@pytest.fixture
def door(_open_door: Door) -> Door:
    """One door for all tests; each begins anew."""
    _open_door.begin_anew()
    return _open_door
