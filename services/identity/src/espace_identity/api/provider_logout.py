from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from espace_identity.api.login import ProviderInPath
from espace_identity.api.refusals import told_as_problems
from espace_identity.app.hear_provider_logout import HeardBefore
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.login import LoginRefused, Refusal
from espace_kernel.problems import Problem

_SignedByTheProvider = Annotated[str, Form(max_length=20_000)]
_NOT_KEPT = {"Cache-Control": "no-store"}


def routes(do: UseCases) -> APIRouter:
    """The route that providers call."""
    router = APIRouter(prefix="/api/v1/login/backchannel-logout")

    @router.post(
        "/{provider}",
        operation_id="hearProviderLogout",
        summary="Hear that a person logged out at the provider",
        description="For the provider: OpenID Connect Back-Channel Logout 1.0.",
        responses={
            400: {"description": "The logout token does not hold."},
            404: {"description": "There is no such provider."},
            503: {"description": "The provider's keys cannot be read."},
        },
        openapi_extra={"security": []},
    )
    async def provider_logout(provider: ProviderInPath, logout_token: _SignedByTheProvider) -> Response:
        with told_as_problems():
            try:
                await do.hear_provider_logout(provider, logout_token)
            except HeardBefore:
                raise _refused("replayed") from None
            except LoginRefused as refused:
                if refused.why is Refusal.AWAY:
                    raise
                raise _refused(refused.why.value) from None
        return Response(status_code=200, headers=_NOT_KEPT)

    return router


def _refused(reason: str) -> Problem:
    return Problem(
        400, "logout-token-refused", "This logout token does not hold, so no session was ended. Send one that is signed and new.",
        headers=_NOT_KEPT, reason=reason,
    )  # fmt: skip
