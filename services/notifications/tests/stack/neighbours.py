"""Around notifications: identity and documents as one HTTP server, and a mail server. They come and go as a test wants."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import ECKey

from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER

SECRET = "a secret of the tests"
ADDRESSEE = {"name": "Maria Muster", "lines": ["12, rue des Fleurs", "L-1234 Luxembourg"], "country": "LU"}


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """What the condition gives, once it is true."""
    async with asyncio.timeout(60):
        while not (answer := await condition()):
            await asyncio.sleep(0.02)
    return answer


class Server(uvicorn.Server):
    """uvicorn without signal handlers, since pytest has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Gone(Exception):
    pass


async def _gone(_request: Request, error: Exception) -> Response:
    return JSONResponse({"type": f"/problems/{error}"}, 410, media_type="application/problem+json")


@dataclass
class Neighbours:
    """Identity and the documents service, as far as notifications meets them; what a test sets decides what they answer."""

    port: int
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    letters: dict[UUID, bytes] = field(default_factory=dict)
    addressees: dict[UUID, Any] = field(default_factory=dict)
    answers: dict[UUID, Response] = field(default_factory=dict)
    """Answers to the question for a letter's PDF, in the place of the PDF."""
    sheets: dict[UUID, Response] = field(default_factory=dict)
    """The same for its address sheet."""
    gone: dict[UUID, str] = field(default_factory=dict)
    """The problem that says for good why a letter is not to be posted."""
    codes: dict[UUID, str] = field(default_factory=dict)
    """What identity would have sent, by challenge."""
    tokens_given: int = 0
    key_lost: bool = False
    _server: Server | None = None
    _serving: asyncio.Task[None] | None = None

    def token(self, kind: str, subject: str) -> str:
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "kind": kind, "acr": "http://eidas.europa.eu/LoA/substantial",
            "auth_time": now, "iat": now, "exp": now + 120,
        }  # fmt: skip
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.thumbprint()}, claims, self.key)

    def application(self) -> FastAPI:
        app = FastAPI(exception_handlers={_Gone: _gone})

        @app.post("/internal/token")
        async def token(request: Request) -> dict[str, Any]:
            expected = base64.b64encode(f"notifications:{SECRET}".encode()).decode()
            if request.headers["authorization"] != f"Basic {expected}":
                raise HTTPException(401)
            self.tokens_given += 1
            return {"token": self.token("service", "notifications"), "expires_in": 120}

        @app.get("/.well-known/jwks.json")
        async def keys() -> dict[str, Any]:
            return {"keys": [{**self.key.as_dict(private=False), "kid": self.key.thumbprint()}]}

        @app.get("/internal/contact-codes/{challenge}")
        async def contact_code(challenge: UUID, request: Request) -> dict[str, str]:
            self._a_service(request)
            if challenge not in self.codes:
                raise HTTPException(404)
            return {"code": self.codes[challenge]}

        @app.get("/internal/letters/{letter}")
        async def describe(letter: UUID, request: Request) -> dict[str, Any]:
            self._known(letter, request)
            return {"letter": str(letter), "addressee": self.addressees.get(letter, ADDRESSEE)}

        @app.get("/internal/letters/{letter}/pdf")
        async def pdf(letter: UUID, request: Request) -> Response:
            self._known(letter, request)
            return self.answers.get(letter) or Response(self.letters[letter], media_type="application/pdf")

        @app.get("/internal/letters/{letter}/address-sheet")
        async def address_sheet(letter: UUID, request: Request) -> Response:
            self._known(letter, request)
            return self.sheets.get(letter) or Response(b"%PDF-1.7 the address of " + letter.bytes, media_type="application/pdf")

        return app

    def _known(self, letter: UUID, request: Request) -> None:
        self._a_service(request)
        if letter in self.gone:
            raise _Gone(self.gone[letter])
        if letter not in self.letters:
            raise HTTPException(404)

    def _a_service(self, request: Request) -> None:
        scheme, _, token = request.headers["authorization"].partition(" ")
        if self.key_lost:
            raise HTTPException(401)
        assert (scheme, jwt.decode(token, self.key, algorithms=[ALGORITHM]).claims["kind"]) == ("Bearer", "service")

    async def come(self) -> None:
        config = uvicorn.Config(self.application(), host="127.0.0.1", port=self.port, log_config=None, lifespan="off")
        self._server = Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        await until(self._started)

    async def _started(self) -> bool:
        return self._server is not None and self._server.started

    async def go(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
            self._server = None


@dataclass
class MailServer:
    """Keeps what it takes; `refusals` answer the DATA of an address in the place of a 250, `gone` its RCPT."""

    port: int
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)
    """Who the envelope said that the last message to an address came from."""
    _server: asyncio.Server | None = None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.gone:
            return self.gone[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd calls it so
        (address,) = envelope.rcpt_tos
        if address in self.refusals:
            return self.refusals[address]
        assert isinstance(envelope.content, bytes)
        self.taken.append((address, envelope.content))
        self.senders[address] = envelope.mail_from or ""
        return "250 Kept"

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for to, content in self.taken if to == address]

    async def gets(self, address: str, count: int = 1) -> list[EmailMessage]:
        async def there() -> bool:
            return len(self.mails_to(address)) >= count

        await until(there)
        return self.mails_to(address)

    async def come(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", self.port)

    async def go(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
