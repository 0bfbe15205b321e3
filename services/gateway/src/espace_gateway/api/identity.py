from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_gateway.api.services import Services, failures_told
from espace_gateway.app.ports import IssuedToken, NoMandate, NoSession
from espace_gateway.domain.operation import Operation
from espace_kernel.logs import logger
from espace_kernel.problems import PROBLEM_TYPES, Problem

log = logger()


class IdentityService:
    """Asks identity for tokens, as the gateway alone may."""

    def __init__(self, services: Services, client_secret: str) -> None:
        self._services = services
        credentials = base64.b64encode(f"gateway:{client_secret}".encode()).decode()
        self._headers = [("authorization", f"Basic {credentials}"), ("content-type", "application/json")]

    async def token_for(self, session: str) -> IssuedToken:
        """As the port says. Raises Problem 502 or 503 when identity does not answer as it should."""
        return await self._ask({"session": session})

    async def token_on_behalf(self, session: str, represented: InsuredId, operation: Operation) -> IssuedToken:
        """As the port says. Raises Problem 502 or 503 when identity does not answer as it should."""
        return await self._ask({
            "session": session, "on_behalf_of": str(represented), "operation": operation.name, "service": operation.service,
        })  # fmt: skip

    async def look_at(self, session: str) -> IssuedToken:
        """As the port says. Raises Problem 502 or 503 when identity does not answer as it should."""
        return await self._ask({"session": session, "counts_as_use": False})

    async def _ask(self, question: Mapping[str, object]) -> IssuedToken:
        answer = await self._services.answer(
            "identity", "POST", "/internal/sessions/token", headers=self._headers, content=json.dumps(question).encode()
        )
        with failures_told("identity"):
            body = await answer.aread()
        match answer.status_code:
            case HTTPStatus.OK:
                told = json.loads(body)
                return IssuedToken(told["token"], told["expires_in"], UUID(told["session"]), InsuredId(UUID(told["insured"])))
            case HTTPStatus.NOT_FOUND:
                raise NoSession
            case HTTPStatus.FORBIDDEN if json.loads(body)["type"] == f"{PROBLEM_TYPES}no-mandate":
                raise NoMandate
            case status:
                log.error("identity refused the gateway a token", status=status)
                raise Problem(
                    503, "identity-away", "The login cannot be checked right now. Try again in a moment.", headers={"Retry-After": "2"}
                )
