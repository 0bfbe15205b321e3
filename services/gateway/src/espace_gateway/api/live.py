"""Live status: an open page is told what moves, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, datetime

from fastapi import APIRouter, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.types import Receive, Scope, Send

from espace_gateway.api.admission import Admission
from espace_gateway.app.live_status import STREAMS_A_PERSON, Full, LiveStatus, Stream, TooManyStreams
from espace_gateway.app.ports import Identity, NoSession
from espace_gateway.domain.news import Farewell, News
from espace_gateway.domain.operation import OWN, Operation
from espace_kernel.clock import utc_now
from espace_kernel.problems import Problem

HEARTBEAT_SECONDS = 15.0
"""A comment this often, so that nobody on the way takes the silence for the end."""
ASK_SECONDS = 60.0
"""How often identity is asked whether the session still is: its idle and absolute limits end without a word."""
RETRY_MS = 3_000
"""How long a browser waits before it comes back."""

_OPERATION = Operation("GET", "/api/v1/events", OWN)
_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
_ABOUT = """\
Server-sent events for the person who is logged in, for as long as the session lasts.

- `ready` comes first, on every connection: load the lists now. They hold what happened while nobody listened; what follows is told.
- `status` `{procedure, status, at}`: a procedure moved. `message` `{procedure, message, at}`: the fund wrote.
  `document` `{document, document_type, at}`: a document came by eDelivery. `draft-expiring` `{procedure, expires_on, at}`.
- `end` `{reason}`: no more comes on this connection. Come back as a browser does by itself: 401 then says that the session has ended.
- A comment comes every 15 s. An event may be told twice, or be in the lists already: it says where to look, not what to add.
- An open stream does not count as using the session. A person has at most six at once; who does not read is let go.
"""
_EXAMPLE = """\
event: ready
data: {"at": "2026-03-02T09:00:00Z"}
retry: 3000

event: status
data: {"procedure": "7d3c1f7e-0000-4000-8000-000000000002", "status": "closed", "at": "2026-03-02T09:00:41.250000Z"}

"""
_TOLD = {
    "description": "The stream.",
    "content": {"text/event-stream": {"schema": {"type": "string"}, "examples": {"a closing": {"value": _EXAMPLE}}}},
}


def routes(live: LiveStatus, admission: Admission, identity: Identity) -> APIRouter:
    """The one route of open pages."""
    router = APIRouter()

    @router.get(
        _OPERATION.template, summary="Follow what moves", description=_ABOUT, operation_id="watchEvents", response_class=Response,
        responses={200: _TOLD, 429: {"description": "Too many requests, or six streams of this person are open already."}},
        openapi_extra={"security": [{"session": []}]},
    )  # fmt: skip
    async def watch(request: Request) -> EventStream:
        admission.admit(_OPERATION, request)
        session, own = await admission.page(_OPERATION, request)

        async def goes_on() -> bool:
            try:
                await identity.look_at(session)
            except NoSession:
                return False
            except Problem:  # identity is away: nobody is logged out for that
                return True
            return True

        try:
            return EventStream(live, live.open(own.insured, own.session), goes_on)
        except TooManyStreams:
            raise Problem(
                429, "too-many-streams", f"{STREAMS_A_PERSON} pages of yours are open already. Close one, then load this one again.",
                headers={"Retry-After": "15"},
            ) from None  # fmt: skip
        except Full:
            raise Problem(
                503, "no-more-streams", "Too many pages are told what moves at the moment. Load the page again later to see what is new.",
                headers={"Retry-After": "30"},
            ) from None  # fmt: skip

    return router


class EventStream(Response):
    """Tells one page, until it leaves, the session ends, the service stops, or nothing is taken."""

    def __init__(self, live: LiveStatus, stream: Stream, goes_on: Callable[[], Awaitable[bool]]) -> None:
        super().__init__()
        self._live, self._stream, self._goes_on = live, stream, goes_on

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Run for as long as the page is open."""
        telling = asyncio.create_task(self._tell(send))
        others = [asyncio.create_task(_left(receive)), asyncio.create_task(self._stream.cut.wait())]
        try:
            await asyncio.wait((telling, *others), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._live.close(self._stream)
            for task in (telling, *others):
                task.cancel()
            await asyncio.gather(telling, *others, return_exceptions=True)
        if not telling.cancelled() and not isinstance(error := telling.exception(), OSError | None):
            raise error

    async def _tell(self, send: Send) -> None:
        async def say(text: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": text, "more_body": more})

        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await say(_event("ready", {"at": utc_now()}, retry=RETRY_MS))
        ask_at = time.monotonic() + ASK_SECONDS
        news: News | Farewell | None = None
        while not isinstance(news, Farewell):
            news = await self._stream.next(HEARTBEAT_SECONDS)
            if isinstance(news, News):
                await say(_event(news.name, asdict(news)))
            elif news is None:
                await say(KEEPALIVE_COMMENT)
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + ASK_SECONDS
                news = news if await self._goes_on() else Farewell.SESSION_ENDED
        await say(_event("end", {"reason": news.value}), more=False)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(name: str, data: dict[str, object], retry: int | None = None) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, default=_plain), retry=retry)


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return str(value)
