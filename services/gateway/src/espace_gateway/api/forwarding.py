"""The door itself: each operation of the API's description is a route here, and each request goes on to the service that answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from espace_gateway.api.services import Services
from espace_gateway.api.session_cookie import cookie_name, session_in
from espace_gateway.app.person_tokens import PersonTokens
from espace_gateway.app.ports import NoSession
from espace_gateway.domain.cross_site import comes_from_another_site
from espace_gateway.domain.headers import Headers, passing_inward, passing_outward
from espace_gateway.domain.operation import NoSuchAddress, Operation
from espace_kernel.problems import NotFound, Problem

_KEEPS_SESSIONS = "identity"
"""The one service that gets the session's cookie, and may set it."""


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where persons open the eSpace."""

    origin: str
    """As a browser writes it in Origin: scheme, host, and the port unless it is the scheme's own."""
    https: bool


class Forwarding:
    """Sends one request on to its service, and the service's answer back, both piece by piece."""

    def __init__(self, services: Services, tokens: PersonTokens, public: PublicAddress) -> None:
        self._services, self._tokens, self._public = services, tokens, public
        self._cookie = cookie_name(https=public.https)

    async def __call__(self, operation: Operation, request: Request) -> Response:
        """The service's answer. Raises Problem when the request may not pass, or when nobody answers."""
        self._refuse_other_sites(request)
        session = session_in(request, self._cookie)
        answer = await self._services.answer(
            operation.service,
            operation.method,
            _target(operation, request),
            headers=passing_inward(request.headers.items()) + await self._vouched_for(operation, session),
            content=_body(request),
        )
        if session is not None and "set-cookie" in answer.headers:
            self._tokens.forget(session)
        return ForwardedAnswer(answer, sets_cookies=operation.service == _KEEPS_SESSIONS)

    def _refuse_other_sites(self, request: Request) -> None:
        headers = request.headers
        if comes_from_another_site(request.method, headers.get("sec-fetch-site"), headers.get("origin"), self._public.origin):
            raise Problem(403, "cross-site", "Another site sent this request in your name, so nothing was changed. Open the eSpace itself.")

    async def _vouched_for(self, operation: Operation, session: str | None) -> Headers:
        headers: Headers = []
        if operation.wants_login:
            headers.append(("authorization", f"Bearer {await self._token_of(session)}"))
        if operation.service == _KEEPS_SESSIONS and session is not None:
            headers.append(("cookie", f"{self._cookie}={session}"))
        return headers

    async def _token_of(self, session: str | None) -> str:
        try:
            if session is None:
                raise NoSession
            return await self._tokens(session)
        except NoSession:
            raise Problem(401, "not-logged-in", "You are not logged in, or the login has ended. Log in and try again.") from None


class ForwardedAnswer(StreamingResponse):
    """A service's answer on its way out: status and bytes unchanged, and of the headers those that may pass."""

    def __init__(self, answer: httpx.Response, *, sets_cookies: bool) -> None:
        super().__init__(answer.aiter_raw(), answer.status_code)
        self._answer = answer
        passing = passing_outward(answer.headers.multi_items(), sets_cookies=sets_cookies)
        self.raw_headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in passing]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it on, and free the connection however that ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._answer.aclose()


def routes(operations: Mapping[str, Mapping[str, Operation]], forward: Forwarding) -> APIRouter:
    """One route a path, so that a wrong method is told which ones there are."""
    router = APIRouter(include_in_schema=False)
    for template, by_method in operations.items():
        router.add_api_route(template, _endpoint(by_method, forward), methods=list(by_method), response_model=None)
    return router


def _endpoint(by_method: Mapping[str, Operation], forward: Forwarding) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await forward(by_method[request.method], request)

    return endpoint


def _target(operation: Operation, request: Request) -> str:
    try:
        path = operation.path_with(request.path_params)
    except NoSuchAddress:
        raise NotFound("thing") from None
    return f"{path}?{request.url.query}" if request.url.query else path


def _body(request: Request) -> AsyncIterator[bytes] | None:
    """The body as it comes; None when there is none."""
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return None
    return _pieces(request)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect:
        raise Problem(400, "broken-off", "The request broke off before it was whole. Send it again.") from None
