"""Idempotency-Key: a creating POST that is repeated gets the first answer, and its effect happens once.

The answer is remembered beside the aggregate, not with it, so a crash may fall between the two. Therefore the effect's id derives from the
key: the second try finds the effect there, whatever became of the first answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from espace_kernel.access import principal_of
from espace_kernel.clock import utc_now
from espace_kernel.problems import Problem

_NAMESPACE = UUID("6f1d1a52-5c36-4f6e-9f0a-3e9a8f1f0c11")
_KEPT = timedelta(days=7)
"""How long an answer is remembered. After that a repeat runs again and finds its effect by the id derived from the key."""
_LEASE = timedelta(seconds=10)
"""How long a first try counts as still running; after that it died, and a repeat may try anew."""


class RememberedAnswers:
    """The answers given, by person and key, in one collection of the service's database."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]]) -> None:
        self._collection = collection

    async def claim(self, key: str, fingerprint: str) -> Response | None:
        """Begin the work under this key (None), or return the answer given before.

        Raises Problem 422 when the key came with another body, 409 while the first try still runs.
        """
        try:
            await self._collection.insert_one({"_id": key, "fingerprint": fingerprint, "since": utc_now()})
        except DuplicateKeyError:
            return await self._answer_before(key, fingerprint)
        return None

    async def _answer_before(self, key: str, fingerprint: str) -> Response | None:
        known = await self._collection.find_one({"_id": key})
        if known is None:  # released between the two calls
            return await self.claim(key, fingerprint)
        if known["fingerprint"] != fingerprint:
            raise Problem(
                422, "idempotency-key-reused", "This Idempotency-Key was used for another request. Make a new key for new content."
            )
        if "answer" in known:
            answer = known["answer"]
            return Response(answer["body"], answer["status"], headers=dict(answer["headers"]))
        now = utc_now()
        taken_over = await self._collection.update_one({"_id": key, "since": {"$lte": now - _LEASE}}, {"$set": {"since": now}})
        if taken_over.modified_count == 0:
            raise Problem(
                409, "idempotency-key-in-use", "The first request with this Idempotency-Key still runs. Repeat it in a moment.",
                headers={"Retry-After": "1"},
            )  # fmt: skip
        return None

    async def keep(self, key: str, response: Response) -> None:
        """Remember a success; forget the key after a refusal, so that a corrected request may use it again."""
        if response.status_code >= 400:  # noqa: PLR2004
            await self._collection.delete_one({"_id": key})
            return
        headers = [[name, value] for name, value in response.headers.items() if name in ("content-type", "location", "etag")]
        answer = {"status": response.status_code, "headers": headers, "body": bytes(response.body)}
        await self._collection.update_one({"_id": key}, {"$set": {"answer": answer}})

    async def release(self, key: str) -> None:
        """The try failed without an answer: let the next one start at once."""
        await self._collection.delete_one({"_id": key, "answer": {"$exists": False}})

    async def forget_old(self) -> int:
        """Delete what was remembered long enough: answers hold personal data. Returns 0 repairs, since nothing was broken."""
        await self._collection.delete_many({"since": {"$lt": utc_now() - _KEPT}})
        return 0


class IdempotentRoute(APIRoute):
    """`APIRouter(route_class=IdempotentRoute)`: each POST of the router wants an Idempotency-Key and keeps its promise."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI says Coroutine
        """The route's handler, wrapped when it takes POST."""
        handle = super().get_route_handler()
        return self._once(handle) if "POST" in (self.methods or ()) else handle

    def _once(self, handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def once(request: Request) -> Response:
            sent = request.headers.get("idempotency-key", "")
            if not 1 <= len(sent) <= 255:  # noqa: PLR2004
                raise Problem(
                    400,
                    "idempotency-key-missing",
                    "This request creates something: send an Idempotency-Key header, a new UUID per request.",
                )
            caller = await self.caller_of(request)
            key = hashlib.sha256(f"{caller}|{request.method}|{request.url.path}|{sent}".encode()).hexdigest()
            answers: RememberedAnswers = request.app.state.answers
            before = await answers.claim(key, _fingerprint(await request.body(), request.headers.get("content-type", "")))
            if before is not None:
                return before
            request.state.effect_id = uuid5(_NAMESPACE, key)
            try:
                response = await handle(request)
            except Exception:
                await answers.release(key)
                raise
            await answers.keep(key, response)
            return response

        return once

    async def caller_of(self, request: Request) -> str:
        """Whose keys these are: nobody meets another's answer. Raises Problem 401."""
        return (await principal_of(request)).name


class OpenIdempotentRoute(IdempotentRoute):
    """The same for a POST without a login. All who call share the route's keys, so its answers hold nothing that is about a person:
    whoever sends another's key and the very same content gets what that request was answered, and can learn nothing from it.
    """

    async def caller_of(self, request: Request) -> str:  # noqa: ARG002  # there is nothing to tell callers apart by
        """Nobody in particular."""
        return "anyone"


def _fingerprint(body: bytes, content_type: str) -> str:
    """Of the content, not of the random boundary a multipart body is cut by."""
    _, _, boundary = content_type.partition("boundary=")
    if boundary:
        body = body.replace(boundary.strip('"').encode(), b"")
    return hashlib.sha256(body).hexdigest()


def _effect_id(request: Request, _key: Annotated[str, Header(alias="Idempotency-Key", description="A new UUID per request")]) -> UUID:
    effect_id: UUID = request.state.effect_id
    return effect_id


EffectId = Annotated[UUID, Depends(_effect_id)]
"""Parameter of a creating route: the id for what it creates, the same for every repeat of the request."""
