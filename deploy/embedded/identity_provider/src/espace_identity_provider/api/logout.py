"""Logout at the provider: OpenID Connect RP-Initiated Logout 1.0, and the back channel that it sets going."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from espace_identity_provider.api.form import Form
from espace_identity_provider.api.pages import Pages
from espace_identity_provider.api.session_cookie import SessionCookie
from espace_identity_provider.app.ports import Signer
from espace_identity_provider.app.use_cases import UseCases
from espace_identity_provider.domain.authorization import Parameters, languages_in
from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.login import fingerprint

WRONG_ADDRESS = "This post_logout_redirect_uri is not the registered one. The link or the application's settings are wrong."


def routes(do: UseCases, issuer: Issuer, pages: Pages, signer: Signer) -> APIRouter:
    """The address /<provider>/logout."""
    router, cookie = APIRouter(prefix=f"/{issuer.provider.id}"), SessionCookie(issuer.provider.id)

    async def log_out(request: Request, asked: Parameters) -> Response:
        given, secret = dict(asked), cookie.read(request)
        back_to = given.get("post_logout_redirect_uri")
        if back_to not in {None, issuer.client.post_logout_redirect_uri} or given.get("client_id", issuer.client.id) != issuer.client.id:
            return pages.refusal(WRONG_ADDRESS, languages_in(asked))
        if "confirmed" not in given and not _is_meant(given, secret):
            return pages.confirm_logout(issuer, asked, languages_in(asked))
        await do.log_out(issuer, secret)
        state = {"state": given["state"]} if "state" in given else {}
        response = pages.logged_out(languages_in(asked)) if back_to is None else RedirectResponse(_with(back_to, state), 303)
        cookie.take_back(response)
        return response

    @router.get("/logout", summary="Log out at the provider")
    async def by_address(request: Request) -> Response:
        return await log_out(request, [pair for pair in request.query_params.multi_items() if pair[0] != "confirmed"])

    @router.post("/logout", summary="Log out at the provider, by a form")
    async def by_form(request: Request, form: Form) -> Response:
        return await log_out(request, form)

    def _is_meant(given: dict[str, str], secret: str) -> bool:
        """Whether the client names the session that the browser has here. The ID token, which says who the person is, need not travel."""
        hint = signer.read(issuer, given.get("id_token_hint", "")) or {}
        named = {hint.get("sid"), given.get("logout_hint")} - {None}
        return bool(named) and (not secret or named == {fingerprint(secret)})

    return router


def _with(address: str, parameters: dict[str, str]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address
