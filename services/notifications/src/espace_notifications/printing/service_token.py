from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable

import httpx
from pydantic import BaseModel, ValidationError

from espace_notifications.app.ports import SourceAway

_SPARE_SECONDS = 15.0
"""How long before its end a token is renewed, so that none ends on its way."""


class _Answer(BaseModel):
    token: str
    expires_in: float


class ServiceToken(httpx.Auth):
    """Signs requests with this service's token, got from identity and kept until shortly before it ends."""

    def __init__(self, identity_url: str, service: str, secret: Callable[[], str]) -> None:
        self._address, self._service, self._secret = f"{identity_url}/internal/token", service, secret
        self._token, self._renew_at = "", 0.0

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """httpx calls it for each request. Raises SourceAway when identity gives no token."""
        if time.monotonic() >= self._renew_at:
            answer = yield self._question()
            self._keep(await answer.aread() if answer.is_success else b"")
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:  # identity may have changed its keys
            self._renew_at = 0.0

    def _question(self) -> httpx.Request:
        try:
            secret = self._secret()
        except FileNotFoundError:
            raise SourceAway(f"The secret file {self._service}.client-secret is missing. Put it into the secrets' folder.") from None
        return next(httpx.BasicAuth(self._service, secret).auth_flow(httpx.Request("POST", self._address)))

    def _keep(self, content: bytes) -> None:
        try:
            answer = _Answer.model_validate_json(content)
        except ValidationError:
            raise SourceAway(f"Identity gave no service token. Check that it knows the client secret of {self._service}.") from None
        self._token, self._renew_at = answer.token, time.monotonic() + answer.expires_in - _SPARE_SECONDS
