from __future__ import annotations

from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from espace_notifications.app.ports import SourceAway

_NO_LONGER_VALID = (404, 410)


class _Answer(BaseModel):
    code: str


class CodesOverHttp:
    """Identity's internal route for the codes it wants to have sent. `http` knows its address and signs the requests."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def code_of(self, challenge: UUID) -> str | None:
        """The challenge's code; None when it is no longer valid. Raises SourceAway."""
        try:
            answer = await self._http.get(f"/internal/contact-codes/{challenge}")
        except httpx.HTTPError as error:
            raise SourceAway(f"Identity cannot be reached or broke off ({type(error).__name__}).") from None
        if answer.status_code in _NO_LONGER_VALID:
            return None
        try:
            return _Answer.model_validate_json(answer.content if answer.is_success else b"").code
        except ValidationError:
            raise SourceAway(f"Identity gave no code (status {answer.status_code}).") from None
