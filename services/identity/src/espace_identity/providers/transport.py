from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache
from types import TracebackType
from typing import Self

import httpx2

_LONGEST_ANSWER = 256 * 1024
"""Bytes. A provider's metadata, keys and tokens take a few thousand."""
SECONDS = 5.0
"""How long a provider may take for each answer, a person being at the other end."""


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that vouch for a provider's address; read once, which takes a while."""
    return httpx2.create_ssl_context()


class Unreadable(httpx2.TransportError):
    """The answer is longer than any that a provider has reason to give, or compressed though nobody asked for it."""


class Bounded(httpx2.AsyncBaseTransport):
    """Reads of each answer what is reasonable and no more, so that a provider cannot fill the memory."""

    def __init__(self) -> None:
        self._inner = httpx2.AsyncHTTPTransport(verify=_trusted(), trust_env=False)

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None = None, error: BaseException | None = None, trace: TracebackType | None = None
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, and have the answer counted while it is read."""
        request.headers["accept-encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        if answer.headers.get("content-encoding", "identity") != "identity":
            await answer.stream.aclose()
            raise Unreadable("The answer is compressed though nobody asked for it.")
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=_Counted(answer.stream), extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for piece in self._stream:
            taken += len(piece)
            if taken > _LONGEST_ANSWER:
                raise Unreadable("The answer is too long.")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
