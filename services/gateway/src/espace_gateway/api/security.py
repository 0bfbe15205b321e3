"""Around the whole door: what every answer says to the browser, and what is for operators alone."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from espace_gateway.domain.address import Network, is_operator
from espace_gateway.domain.headers import security_headers
from espace_kernel.problems import NotFound


class SecurityHeaders:
    """Around the whole door, so that no answer leaves without them, not even one to a defect. What an answer says itself is kept."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = security_headers(https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and dress its answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)


class OperatorsAlone:
    """The door has one port. What operators read there is not to be found by whoever comes from outside or through a proxy."""

    def __init__(self, app: ASGIApp, *, proxies: Collection[Network]) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it asks for what is not its own."""
        if scope["type"] == "http" and (scope["path"] in _OPERATORS or scope["path"].startswith("/internal/")):
            headers, peer = Headers(scope=scope), (scope.get("client") or ("", 0))[0]
            if not is_operator(peer, self._proxies, forwarded="x-forwarded-for" in headers or "forwarded" in headers):
                await NotFound("address").response()(scope, receive, send)
                return
        await self._app(scope, receive, send)


_OPERATORS = frozenset({"/livez", "/readyz", "/metrics"})
