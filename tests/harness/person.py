"""An insured person with a browser: everything goes through the gateway's API, and nothing is known but what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from .procedure import Procedure, Wish
from .waiting import until


@dataclass(frozen=True)
class PersonFile:
    """What the fund has on file on a synthetic person."""

    insured: str
    matricule: str
    given_name: str
    family_name: str
    address: tuple[str, ...]
    iban: str
    locale: str

    @classmethod
    def of(cls, recorded: Mapping[str, Any]) -> PersonFile:
        same = {name: recorded[name] for name in ("insured", "matricule", "given_name", "family_name", "iban", "locale")}
        return cls(**same, address=tuple(recorded["address"]["lines"]))


@dataclass(frozen=True)
class Document:
    """A document in the eSpace, and its bytes as they were downloaded."""

    id: str
    type: str
    title: str
    reference: str
    procedure: str
    sha256: str
    pdf: bytes


class InsuredPerson:
    """`file` is what the fund has on file, `email` where notices go."""

    def __init__(self, file: PersonFile, http: httpx.AsyncClient) -> None:
        self.file, self._http = file, http
        self.email = f"{uuid4().hex}@example.lu"

    async def logs_in(self) -> None:
        """As soon as the fund's file has reached the eSpace."""

        async def logged_in() -> bool:
            answer = await self._http.post("/api/v1/session", json={"matricule": self.file.matricule})
            assert answer.status_code in (201, 401), answer.text
            return answer.status_code == 201

        await until(logged_in, "the person to be able to log in")

    async def sets_contact(self) -> None:
        await self._done("PUT", "/api/v1/account/contact", json={"email": self.email})

    async def switches_edelivery(self, *, on: bool) -> None:
        async def switched() -> bool:
            answer = await self.asks("PUT", "/api/v1/edelivery", json={"active": on})
            assert answer.status_code in (200, 503), answer.text
            return answer.status_code == 200

        await until(switched, "eDelivery to be switched")

    async def starts(self, wish: Wish) -> Procedure:
        """A draft with the answers and the files of the wish; what was filled in from the file is kept."""
        started = await self._done("POST", "/api/v1/procedures", json={"kind": wish.kind, "locale": self.file.locale})
        procedure = Procedure(started["id"], started["reference"])
        await self.attaches(procedure, wish.files)
        await self.answers(procedure, wish.answers)
        return procedure

    async def attaches(self, procedure: Procedure, files: Mapping[str, bytes]) -> None:
        for role, content in files.items():
            await self._done("POST", f"{_at(procedure)}/attachments", data={"role": role}, files={"file": ("file.pdf", content)})

    async def answers(self, procedure: Procedure, answers: Mapping[str, str]) -> None:
        shown = await self.sees(procedure)
        body = {"answers": {**shown["answers"], **answers}}
        await self._done("PUT", f"{_at(procedure)}/answers", json=body, headers=_if_match(shown))

    async def forwards(self, procedure: Procedure) -> None:
        """Submit what is prepared, or what is corrected."""
        await self._done("POST", f"{_at(procedure)}/submissions", headers=_if_match(await self.sees(procedure)))

    async def submits(self, wish: Wish) -> Procedure:
        procedure = await self.starts(wish)
        await self.forwards(procedure)
        return procedure

    async def sees(self, procedure: Procedure) -> dict[str, Any]:
        """The whole procedure as the eSpace shows it."""
        shown: dict[str, Any] = await self._done("GET", _at(procedure))
        return shown

    async def sees_status(self, procedure: Procedure, status: str) -> dict[str, Any]:
        """The procedure, once it has this status."""

        async def has_it() -> dict[str, Any] | None:
            shown = await self.sees(procedure)
            return shown if shown["status"] == status else None

        shown = await until(has_it, f"the procedure to be {status}")
        assert shown is not None
        return shown

    async def documents(self, about: Procedure | None = None) -> list[Document]:
        """What lies in the eSpace, each with its PDF."""
        listed = (await self._done("GET", "/api/v1/documents"))["documents"]
        return [await self._downloads(row) for row in listed if about is None or row["procedure"] == about.id]

    async def receives(self, exactly: int, about: Procedure) -> Document:
        """The last document about a procedure, once there are as many in the eSpace."""

        async def enough() -> list[Document]:
            found = await self.documents(about)
            return found if len(found) >= exactly else []

        found = await until(enough, f"{exactly} documents in the eSpace")
        assert len(found) == exactly
        return found[0]

    async def bank_account(self) -> str:
        """The account on file, as `My data` shows it."""
        shown = await self._done("GET", "/api/v1/me/bank-details")
        iban: str = shown["iban"]
        return iban

    async def asks(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Any request of this person, and its answer as it is."""
        headers = {"Idempotency-Key": str(uuid4()), **content.pop("headers", {})}
        return await self._http.request(method, path, headers=headers, **content)

    async def _downloads(self, row: Mapping[str, Any]) -> Document:
        answer = await self.asks("GET", f"/api/v1/documents/{row['id']}/pdf")
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"{row["sha256"]}"'
        assert hashlib.sha256(answer.content).hexdigest() == row["sha256"]
        described = {name: row[name] for name in ("id", "type", "title", "reference", "procedure", "sha256")}
        return Document(**described, pdf=answer.content)

    async def _done(self, method: str, path: str, **content: Any) -> Any:
        answer = await self.asks(method, path, **content)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


def _at(procedure: Procedure) -> str:
    return f"/api/v1/procedures/{procedure.id}"


def _if_match(shown: Mapping[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{shown["version"]}"'}
