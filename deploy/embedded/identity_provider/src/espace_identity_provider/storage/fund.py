"""The fund's stand-in, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx

from espace_identity_provider.app.ports import FundAway
from espace_identity_provider.domain.person import Person


class Fund:
    """Knows the persons, as the port Persons says."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def demo(self) -> list[Person]:
        """As the port says."""
        answer = await self._asks("GET", "/internal/persons/demo")
        return [_person(row) for row in answer.raise_for_status().json()]

    async def with_matricule(self, matricule: str) -> Person | None:
        """As the port says."""
        answer = await self._asks("POST", "/internal/persons/search", {"matricule": matricule})
        return _person(answer.json()) if answer.status_code == httpx.codes.OK else None

    async def _asks(self, method: str, path: str, body: Mapping[str, str] | None = None) -> httpx.Response:
        try:
            return await self._http.request(method, path, json=body)
        except httpx.TransportError:
            raise FundAway from None


def _person(row: Mapping[str, Any]) -> Person:
    names = {name: row[name] for name in ("matricule", "given_name", "family_name", "deceased")}
    return Person(**names, date_of_birth=date.fromisoformat(row["date_of_birth"]))
