"""The token endpoint: RFC 6749, sections 4.1.3 and 5, for a client that proves itself by HTTP Basic."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from espace_identity_provider.api.form import Form
from espace_identity_provider.app.use_cases import UseCases
from espace_identity_provider.domain.authorization import Refused
from espace_identity_provider.domain.issuer import TOKEN_LIFETIME, Client, Issuer

NEVER_STORED = {"Cache-Control": "no-store"}


def routes(do: UseCases, issuer: Issuer) -> APIRouter:
    """The address /<provider>/token."""
    router = APIRouter(prefix=f"/{issuer.provider.id}")

    @router.post("/token", summary="Redeem a code")
    async def redeem(request: Request, form: Form) -> JSONResponse:
        if not _is(issuer.client, request.headers.get("authorization", "")):
            sentence = "The client's name and secret are not those registered here. They come by HTTP Basic."
            return _refusal(401, Refused("invalid_client", sentence), {"WWW-Authenticate": "Basic"})
        try:
            return JSONResponse(_redeemed(do, issuer, dict(form), len(form)), headers=NEVER_STORED)
        except Refused as refused:
            return _refusal(400, refused)

    return router


def _redeemed(do: UseCases, issuer: Issuer, given: dict[str, str], sent: int) -> dict[str, Any]:
    if len(given) != sent:
        raise Refused("invalid_request", "A parameter was sent twice.")
    if given.get("grant_type") != "authorization_code":
        raise Refused("unsupported_grant_type", "Only grant_type=authorization_code is supported.")
    missing = [name for name in ("code", "redirect_uri", "code_verifier") if not given.get(name)]
    if missing:
        raise Refused("invalid_request", f"Missing: {', '.join(missing)}.")
    id_token = do.redeem_code(issuer, given["code"], given["redirect_uri"], given["code_verifier"])
    return {
        "access_token": secrets.token_urlsafe(32),  # the protocol wants one; it opens nothing
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "scope": "openid",
        "id_token": id_token,
    }


def _is(client: Client, authorization: str) -> bool:
    scheme, _, encoded = authorization.partition(" ")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    said, expected = (f"{unquote_plus(name)}:{unquote_plus(secret)}".encode(), f"{client.id}:{client.secret}".encode())
    return scheme.lower() == "basic" and secrets.compare_digest(said, expected)


def _refusal(status: int, refused: Refused, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"error": refused.error, "error_description": refused.description}
    return JSONResponse(body, status, headers={**NEVER_STORED, **(headers or {})})
