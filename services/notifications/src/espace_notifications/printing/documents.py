from __future__ import annotations

from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from espace_notifications.app.ports import AddressUnprintable, LetterUnavailable, NotToBePosted, SourceAway
from espace_notifications.domain.letter import CallOff
from espace_notifications.domain.postal_address import PostalAddress

_NOBODY_HOME = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_FOR_ANY_LETTER = (401, 403, 429, 502, 503, 504)
_FOR_THIS_LETTER = "typesetting-interrupted"
"""The one problem that comes with such a status and yet concerns one letter alone: its sheet took too long."""

FOR_GOOD = {"document-withdrawn": CallOff.DOCUMENT_WITHDRAWN, "recipient-erased": CallOff.RECIPIENT_ERASED}
"""The problems that come with a 410. A 404 is not for good: it is what a service answers whose store was restored from an older state."""


class _Addressee(BaseModel):
    lines: tuple[str, ...]
    country: str


class _Letter(BaseModel):
    addressee: _Addressee | None


class _Problem(BaseModel):
    type: str


class DocumentsOverHttp:
    """The documents service's internal routes. `http` knows its address and signs the requests."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def address(self, letter: UUID) -> PostalAddress | None:
        """Where the letter goes; None when the fund knows no address."""
        try:
            described = _Letter.model_validate_json(await self._get(f"/internal/letters/{letter}"))
        except ValidationError:
            raise LetterUnavailable("The documents service described the letter in a way that cannot be read.") from None
        return PostalAddress(described.addressee.lines, described.addressee.country) if described.addressee else None

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
        if answer.is_success:
            return answer.content
        problem = _problem_named_by(answer)
        if problem == "address-unprintable":
            raise AddressUnprintable
        if answer.status_code == httpx.codes.GONE and problem in FOR_GOOD:
            raise NotToBePosted(FOR_GOOD[problem])
        if answer.status_code in _FOR_ANY_LETTER and problem != _FOR_THIS_LETTER:
            raise SourceAway(f"The documents service does not serve letters now (status {answer.status_code}).")
        raise LetterUnavailable(f"The documents service did not give the letter (status {answer.status_code}).")


def _problem_named_by(answer: httpx.Response) -> str | None:
    """The last part of the problem's type, by which the documents service names it; None when the answer names none."""
    try:
        return _Problem.model_validate_json(answer.content).type.rpartition("/")[2]
    except ValidationError:
        return None
