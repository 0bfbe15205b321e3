from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from espace_identity.app.use_cases import UseCases
from espace_identity.domain.challenge import NoCodeOpen
from espace_kernel.access import CallingService
from espace_kernel.problems import Problem

_SENDS_CODES = "notifications"
"""The one service that sends the codes and so may ask for them."""


class CodeView(BaseModel):
    """The code of a challenge."""

    code: str


def routes(do: UseCases) -> APIRouter:
    """The route by which a code leaves identity."""
    router = APIRouter(include_in_schema=False)

    @router.get("/internal/contact-codes/{challenge}")
    async def code(challenge: UUID, caller: CallingService) -> CodeView:
        if caller.service != _SENDS_CODES:
            raise Problem(403, "notifications-only", "Codes are for the service that sends them. No other asks for one.")
        try:
            return CodeView(code=await do.tell_contact_code(challenge))
        except NoCodeOpen:
            raise Problem(404, "no-such-code", "This challenge is over or was replaced. Send nothing.") from None

    return router
