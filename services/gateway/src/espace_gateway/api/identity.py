from __future__ import annotations

import base64
import json
from http import HTTPStatus

from espace_gateway.api.services import Services, failures_told
from espace_gateway.app.ports import IssuedToken, NoSession
from espace_kernel.logs import logger
from espace_kernel.problems import Problem

log = logger()


class IdentityService:
    """Asks identity for tokens, as the gateway alone may."""

    def __init__(self, services: Services, client_secret: str) -> None:
        self._services = services
        credentials = base64.b64encode(f"gateway:{client_secret}".encode()).decode()
        self._headers = [("authorization", f"Basic {credentials}"), ("content-type", "application/json")]

    async def token_for(self, session: str) -> IssuedToken:
        """As the port says. Raises Problem 502 or 503 when identity does not answer as it should."""
        answer = await self._services.answer(
            "identity", "POST", "/internal/sessions/token", headers=self._headers, content=json.dumps({"session": session}).encode()
        )
        with failures_told("identity"):
            body = await answer.aread()
        match answer.status_code:
            case HTTPStatus.OK:
                told = json.loads(body)
                return IssuedToken(told["token"], told["expires_in"])
            case HTTPStatus.NOT_FOUND:
                raise NoSession
            case status:
                log.error("identity refused the gateway a token", status=status)
                raise Problem(
                    503, "identity-away", "The login cannot be checked right now. Try again in a moment.", headers={"Retry-After": "2"}
                )
