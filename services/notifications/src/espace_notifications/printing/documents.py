from __future__ import annotations

from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from espace_notifications.app.ports import LetterUnavailable, SourceAway

_NOBODY_HOME = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NOT_OPEN = (401, 403, 429, 502, 503, 504)
"""Answers that any letter would get."""


class _Addressee(BaseModel):
    lines: tuple[str, ...]


class _Letter(BaseModel):
    addressee: _Addressee | None


class DocumentsOverHttp:
    """The documents service's internal routes. `http` knows its address and signs the requests."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def address_lines(self, letter: UUID) -> tuple[str, ...]:
        """Where the letter goes; empty when the person has no usable address on file."""
        try:
            described = _Letter.model_validate_json(await self._get(f"/internal/letters/{letter}"))
        except ValidationError:
            raise LetterUnavailable("The documents service described the letter in a way that cannot be read.") from None
        return described.addressee.lines if described.addressee else ()

    async def pdf(self, letter: UUID) -> bytes:
        """The document."""
        return await self._get(f"/internal/letters/{letter}/pdf")

    async def address_sheet(self, letter: UUID) -> bytes:
        """The page that shows the address, as a PDF."""
        sheet = await self._get(f"/internal/letters/{letter}/address-sheet")
        if not sheet.startswith(b"%PDF-"):
            raise LetterUnavailable("The documents service gave an address sheet that is no PDF.")
        return sheet

    async def _get(self, path: str) -> bytes:
        try:
            answer = await self._http.get(path)
        except _NOBODY_HOME:
            raise SourceAway("The documents service or identity cannot be reached.") from None
        except httpx.HTTPError as error:
            raise LetterUnavailable(f"The documents service broke off ({type(error).__name__}).") from None
        if answer.status_code in _NOT_OPEN:
            raise SourceAway(f"The documents service does not serve letters now (status {answer.status_code}).")
        if not answer.is_success:
            raise LetterUnavailable(f"The documents service did not give the letter (status {answer.status_code}).")
        return answer.content
