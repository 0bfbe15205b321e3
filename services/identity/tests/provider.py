"""A small OpenID Connect provider on a real port. It behaves, unless a test tells it not to."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
SECRET = "the-providers-secret"
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
Json = dict[str, Any]


@dataclass
class Grant:
    """What a code stands for."""

    redirect_uri: str
    nonce: str
    challenge: str
    claims: Json


@dataclass
class LocalProvider:
    """`claims` is who logs in next. What a test puts under `misbehaving` replaces what the provider would do."""

    address: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "first"}))
    claims: Json = field(default_factory=dict)
    id_token: Json = field(default_factory=dict)
    """Claims of the ID token that differ from what they should be; None leaves one out."""
    header: Json = field(default_factory=dict)
    metadata: Json = field(default_factory=dict)
    callback: Json = field(default_factory=dict)
    """Parameters of the callback that differ; None leaves one out."""
    published: list[Json] | None = None
    signs: Callable[[Json, Json], str] | None = None
    token_answer: Callable[[Json], Awaitable[Response]] | None = None
    answers: Mapping[str, Response] = field(default_factory=dict)
    """What a path answers in place of what it should."""
    checks_pkce: bool = True
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def behave(self) -> None:
        """Be a good provider again, with the first key."""
        self.id_token, self.header, self.metadata, self.callback, self.answers = {}, {}, {}, {}, {}
        self.published = self.signs = self.token_answer = None
        self.checks_pkce = True
        self.hits.clear()

    def issuer(self, provider: str) -> str:
        return f"{self.address}/{provider}"

    def logs_in(self, **claims: object) -> None:
        """Whoever comes next is this person."""
        self.claims = {
            "sub": "subject-1",
            "sid": f"sid-{uuid4().hex}",
            "acr": SUBSTANTIAL,
            "auth_time": int(self.clock().timestamp()),
        } | claims

    def signed(self, claims: Json, **header: object) -> str:
        head = {"alg": "ES256", "kid": "first", **self.header, **header}
        body = {name: value for name, value in claims.items() if value is not None}
        return self.signs(head, body) if self.signs else jwt.encode({n: v for n, v in head.items() if v is not None}, body, self.key)

    def logout_token(self, provider: str, **changes: object) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer(provider), "aud": "espace", "iat": now, "exp": now + 120, "jti": uuid4().hex,
            "events": {LOGGED_OUT: {}}, "sub": self.claims["sub"], "sid": self.claims["sid"],
        } | changes  # fmt: skip
        return self.signed(claims, typ="logout+jwt")

    async def configuration(self, request: Request) -> Response:
        issuer = self.issuer(request.path_params["provider"])
        document = {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks", "end_session_endpoint": f"{issuer}/logout", "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"], "authorization_response_iss_parameter_supported": True,
        } | self.metadata  # fmt: skip
        return JSONResponse({name: value for name, value in document.items() if value is not None})

    async def jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": self.published if self.published is not None else KeySet([self.key]).as_dict()["keys"]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        code = uuid4().hex
        self.grants[code] = Grant(asked["redirect_uri"], asked["nonce"], asked["code_challenge"], self.claims)
        answer = {"code": code, "state": asked["state"], "iss": self.issuer(request.path_params["provider"])} | self.callback
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({n: v for n, v in answer.items() if v is not None})}", 302)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        credentials = base64.b64encode(f"espace:{SECRET}".encode()).decode()
        if request.headers["authorization"] != f"Basic {credentials}":
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = self.grants.pop(form["code"], None)
        proven = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if grant is None or form["redirect_uri"] != grant.redirect_uri or (self.checks_pkce and proven != grant.challenge):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer(request.path_params["provider"]), "aud": "espace", "iat": now, "exp": now + 120, "nonce": grant.nonce,
        } | grant.claims | self.id_token  # fmt: skip
        answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 120, "id_token": self.signed(claims)}
        return await self.token_answer(answer) if self.token_answer else JSONResponse(answer)

    def app(self) -> Starlette:
        def unless_told_otherwise(handle: Callable[[Request], Awaitable[Response]], name: str) -> Callable[[Request], Awaitable[Response]]:
            async def answer(request: Request) -> Response:
                self.hits.append(name)
                return self.answers[name] if name in self.answers else await handle(request)

            return answer

        parts = {
            "configuration": (self.configuration, "/.well-known/openid-configuration"), "jwks": (self.jwks, "/jwks"),
            "authorize": (self.authorize, "/authorize"), "token": (self.token, "/token"),
        }  # fmt: skip
        return Starlette(
            routes=[
                Route("/{provider}" + path, unless_told_otherwise(handle, name), methods=["GET", "POST"])
                for name, (handle, path) in parts.items()
            ]
        )


@asynccontextmanager
async def provider_on_a_port() -> AsyncIterator[LocalProvider]:
    listening = socket.create_server(("127.0.0.1", 0))
    provider = LocalProvider(f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(provider.app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    server.install_signal_handlers = lambda: None
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield provider
    finally:
        server.should_exit = True
        await running
