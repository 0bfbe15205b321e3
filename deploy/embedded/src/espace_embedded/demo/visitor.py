"""A demo person with a browser: everything goes through the gateway's API."""

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from espace_contracts.vocabulary import DocumentType
from espace_embedded.demo.bank_statement import bank_statement
from espace_embedded.demo.timeline import Disproved, Timeline, until
from espace_embedded.login import Identity, Login

ACCOUNTS = ("LU280019400644750000", "LU980019400644750001")
"""A change of bank details names the one of these that is not on file."""


@dataclass(frozen=True)
class Guest:
    """A demo person and how they wish to receive documents."""

    name: str
    matricule: str
    locale: str
    edelivery: bool

    @property
    def email(self) -> str:
        """Where notices for them go."""
        return f"{self.name.lower().replace(' ', '.')}@example.lu"


@dataclass(frozen=True)
class Procedure:
    """A procedure of this run, by its id and by the short name printed on its documents."""

    id: str
    reference: str
    title: str


ReadsCode = Callable[[Guest], str | None]
"""The newest code in the e-mails to a guest that was not there before; None while there is none."""


class Visitor:
    """A guest with a browser, and nothing else. Raises Disproved with the sentence of the problem that was answered."""

    def __init__(self, guest: Guest, http: httpx.AsyncClient, login: Login, timeline: Timeline) -> None:
        self.guest, self._http, self._login, self._timeline = guest, http, login, timeline

    async def arrives(self, reads_code: ReadsCode) -> bool:
        """Logs in, confirms where notices go, chooses the channel. True when it was another channel before."""
        guest = self.guest
        with self._timeline.step("log in", guest.name) as step:
            step.what = await until(self._logs_in, f"{guest.name} could not log in")
        with self._timeline.step("set the contact address", guest.name) as step:
            confirmed = (await self._asks("GET", "/account"))["contact"] or {}
            known = confirmed.get("email") == guest.email
            step.what = f"{guest.email} is confirmed already" if known else await self._confirms(reads_code)
        with self._timeline.step("choose the channel", guest.name) as step:
            before = await self._asks("GET", "/edelivery")
            step.what = await until(self._chooses, "eDelivery could not be switched")
        return bool(before["active"]) is not guest.edelivery

    async def submits(self, kind: str) -> Procedure:
        """Prepares a procedure and forwards it."""
        shown = await self._starts(kind)
        answers, statement = await self._wishes(kind)
        if statement:
            shown = await self._attaches(shown, statement)
        with self._timeline.step("answer", self.guest.name) as step:
            step.what = ", ".join(f"{name} {answer}" for name, answer in answers.items())
            shown = await self._changes(shown, "PUT", "/answers", json={"answers": {**shown["answers"], **answers}})
        with self._timeline.step("submit", self.guest.name) as step:
            shown = await self._changes(shown, "POST", "/submissions")
            step.what = f"{shown['reference']}: {shown['status_label']}"
        return Procedure(shown["id"], shown["reference"], shown["title"])

    async def sees_closed(self, procedure: Procedure) -> None:
        """Waits until the fund has decided."""

        async def closed() -> dict[str, Any] | None:
            shown: dict[str, Any] = await self._asks("GET", f"/procedures/{procedure.id}")
            return shown if shown["status"] == "closed" else None

        with self._timeline.step("wait for the decision", self.guest.name) as step:
            shown = await until(closed, f"{procedure.reference} was not closed")
            step.what = f"{procedure.reference}: {shown['status_label']}, {shown['outcome']}"
        if shown["outcome"] != "approved":
            raise Disproved(f"{procedure.reference} was closed, and not approved. Its history in the eSpace says why.")

    async def documents(self, about: Procedure) -> list[dict[str, Any]]:
        """What lies in the eSpace of a procedure."""
        listed = (await self._asks("GET", "/documents"))["documents"]
        return [row for row in listed if row["procedure"] == about.id and row["type"] != DocumentType.SUBMISSION_RECEIPT]

    async def downloads(self, document: Mapping[str, Any]) -> bytes:
        """A PDF; raises Disproved unless its SHA-256 is the one that the API says."""
        content = (await self._sends("GET", f"/documents/{document['id']}/pdf")).content
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            raise Disproved(f"The downloaded PDF {document['reference']} has not the SHA-256 that the API says.")
        return content

    async def _logs_in(self) -> str | None:
        answer = await self._login.walk(self._http, Identity(self.guest.matricule))
        return "OpenID Connect by way of the LuxTrust stand-in; a session cookie" if answer.has_redirect_location else None

    async def _confirms(self, reads_code: ReadsCode) -> str:
        await self._asks("PUT", "/account/contact", json={"email": self.guest.email})

        async def code() -> str | None:
            return reads_code(self.guest)

        came = await until(code, f"No code came to {self.guest.email}")
        confirmed: str = (await self._asks("POST", "/account/contact/confirmation", json={"code": came}))["email"]
        return f"{confirmed}, by the code that came there"

    async def _chooses(self) -> str | None:
        answer = await self._http.put("/api/v1/edelivery", json={"active": self.guest.edelivery})
        chosen = "eDelivery on: PDFs in the eSpace" if self.guest.edelivery else "eDelivery off: letters by post"
        return chosen if answer.status_code == httpx.codes.OK else None

    async def _starts(self, kind: str) -> dict[str, Any]:
        with self._timeline.step("start", self.guest.name) as step:
            shown = await until(lambda: self._new_draft(kind), f"An earlier procedure {kind} was not closed")
            step.what = "; ".join((shown["title"], *_filled_in(shown)))
        return shown

    async def _new_draft(self, kind: str) -> dict[str, Any] | None:
        """None when an open procedure of a broken run was in the way: it is deleted, corrected or waited for."""
        answer = await self._sends("POST", "/procedures", json={"kind": kind, "locale": self.guest.locale})
        shown: dict[str, Any] = answer.json()
        if answer.status_code == httpx.codes.CREATED:
            return shown
        if shown["status"] == "in_preparation":
            await self._changes(shown, "DELETE")
        elif shown["status"] == "to_be_corrected":
            _, statement = await self._wishes(kind)
            await self._changes(await self._attaches(shown, statement), "POST", "/submissions")
        return None

    async def _wishes(self, kind: str) -> tuple[dict[str, str], bytes]:
        """The answers to give, and the bank statement when one is wanted."""
        if kind == "ehic_replacement_certificate":
            return {"destination": "IT"}, b""
        on_file = (await self._asks("GET", "/me/bank-details"))["iban"]
        iban = next(account for account in ACCOUNTS if account[-4:] != on_file[-4:])
        return {"iban": iban, "holder": self.guest.name}, bank_statement(self.guest.name, iban)

    async def _attaches(self, shown: Mapping[str, Any], statement: bytes) -> dict[str, Any]:
        with self._timeline.step("attach", self.guest.name) as step:
            step.what = f"a bank statement, {len(statement)} bytes of PDF"
            files = {"file": ("statement.pdf", statement, "application/pdf")}
            return await self._changes(shown, "POST", "/attachments", data={"role": "bank_statement"}, files=files)

    async def _changes(self, shown: Mapping[str, Any], method: str, what: str = "", **content: Any) -> dict[str, Any]:
        """Changes a procedure in the version that was seen; the procedure as it is then."""
        seen = {"If-Match": f'"{shown["version"]}"'}
        changed: dict[str, Any] = await self._asks(method, f"/procedures/{shown['id']}{what}", headers=seen, **content)
        return changed

    async def _asks(self, method: str, path: str, **content: Any) -> Any:
        answer = await self._sends(method, path, **content)
        return answer.json() if answer.content else None

    async def _sends(self, method: str, path: str, **content: Any) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid.uuid4()), **content.pop("headers", {})}
        answer = await self._http.request(method, f"/api/v1{path}", headers=headers, **content)
        while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            await asyncio.sleep(int(answer.headers["retry-after"]))
            answer = await self._http.request(method, f"/api/v1{path}", headers=headers, **content)
        if answer.is_error:
            raise Disproved(f"The gateway answered {answer.status_code} to {method} {path}: {answer.text}")
        return answer


def _filled_in(shown: Mapping[str, Any]) -> list[str]:
    """What the draft begins with, and what is on file now."""
    known = [f"filled in: {name} {answer}" for name, answer in shown["answers"].items()]
    return known + [f"on file: {name} {value}" for name, value in shown["on_file"].items()]
