"""The door itself: each operation of the API's description is a route here, and each request goes on to the service that answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from espace_gateway.api.admission import Admission
from espace_gateway.api.services import Services
from espace_gateway.app.person_tokens import PersonTokens
from espace_gateway.domain.headers import Headers, passing_inward, passing_outward
from espace_gateway.domain.operation import KEEPS_SESSIONS, OWN, SMALL_BODY, NoSuchAddress, Operation
from espace_kernel.problems import NotFound, Problem


class Forwarding:
    """Sends one request on to its service, and the service's answer back, both piece by piece."""

    def __init__(self, services: Services, admission: Admission, tokens: PersonTokens) -> None:
        self._services, self._admission, self._tokens = services, admission, tokens

    async def __call__(self, operation: Operation, request: Request) -> Response:
        """The service's answer. Raises Problem when the request may not pass, or when nobody answers."""
        self._admission.admit(operation, request)
        session = self._admission.session(request)
        answer = await self._services.answer(
            operation.service,
            operation.method,
            _target(operation, request),
            headers=passing_inward(request.headers.items()) + await self._vouched_for(operation, request),
            content=_body(operation, request),
        )
        if session is not None and "set-cookie" in answer.headers:
            self._tokens.forget(session)
        return ForwardedAnswer(answer, sets_cookies=operation.service == KEEPS_SESSIONS)

    async def _vouched_for(self, operation: Operation, request: Request) -> Headers:
        headers: Headers = []
        if operation.wants_login:
            headers.append(("authorization", f"Bearer {(await self._admission.person(operation, request)).token}"))
        if operation.service == KEEPS_SESSIONS and (cookies := self._admission.cookies(request)):
            headers.append(("cookie", cookies))
        return headers


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
    for template, described in operations.items():
        by_method = {method: operation for method, operation in described.items() if operation.service != OWN}
        if not by_method:
            continue
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


def _body(operation: Operation, request: Request) -> AsyncIterator[bytes] | None:
    """The body as it comes; None when there is none. Raises Problem 413 when it is told to be too large."""
    declared = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers and "content-length" in request.headers:
        raise Problem(
            400, "ambiguous-length", "The request tells its length in two ways. Send Content-Length or Transfer-Encoding, not both."
        )
    if declared == "0" and "transfer-encoding" not in request.headers:
        return None
    limit = None if operation.takes_files else SMALL_BODY  # files are limited by the kernel, for every service alike
    if limit is not None and declared.isdigit() and int(declared) > limit:
        raise _too_large()
    return _pieces(request, limit)


async def _pieces(request: Request, limit: int | None) -> AsyncIterator[bytes]:
    taken = 0
    try:
        async for piece in request.stream():
            taken += len(piece)
            if limit is not None and taken > limit:
                raise _too_large()
            if piece:
                yield piece
    except ClientDisconnect:
        raise Problem(400, "broken-off", "The request broke off before it was whole. Send it again.") from None


def _too_large() -> Problem:
    return Problem(413, "too-large", f"This takes at most {SMALL_BODY // 1024} KB and no files. Send less, or send what is long as a file.")
