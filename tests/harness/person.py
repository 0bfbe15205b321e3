"""An insured person with a browser: everything goes through the gateway's API, and nothing is known but what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from espace_embedded.login import Identity, Login
from espace_kernel.clock import utc_now

from .mailbox import Mailbox, Phones
from .page import Page
from .procedure import RECEIPT, Procedure, Wish
from .waiting import until


@dataclass(frozen=True)
class PersonFile:
    """What the fund has on file on a synthetic person. `family`: the matricules of those recorded with them, by relation."""

    insured: str
    matricule: str
    given_name: str
    family_name: str
    date_of_birth: str
    address: tuple[str, ...]
    iban: str
    locale: str
    family: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, recorded: Mapping[str, Any]) -> PersonFile:
        same = {name: recorded[name] for name in ("insured", "matricule", "given_name", "family_name", "date_of_birth", "locale")}
        family = tuple((member["relation"], member["matricule"]) for member in recorded["family"])
        return cls(**same, iban=recorded["iban"] or "", address=tuple((recorded["address"] or {"lines": ()})["lines"]), family=family)


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
    """`file` is what the fund has on file, `email` where notices go, `mobile` the phone that is told too once the number is given."""

    def __init__(self, file: PersonFile, http: httpx.AsyncClient, login: Login, mailbox: Mailbox, phones: Phones) -> None:
        self.file, self._http, self._login, self._mailbox, self._phones = file, http, login, mailbox, phones
        self.email, self.mobile = f"{uuid4().hex}@example.lu", f"+352621{uuid4().int % 10**5:05d}1"
        self._on_behalf_of: dict[str, str] = {}

    async def logs_in(self, provider: str = "luxtrust", level: str = "substantial") -> None:
        """As soon as the fund's file has reached the eSpace."""

        async def logged_in() -> bool:
            answer = await self.tries_to_log_in(Identity(self.file.matricule, provider, level))
            assert answer.status_code == 302 or answer.json()["type"] == "/problems/not-insured", answer.text
            return answer.status_code == 302

        await until(logged_in, "the person to be able to log in")

    async def tries_to_log_in(self, identity: Identity) -> httpx.Response:
        """With whatever the person says at a provider that does not remember them; the eSpace's last answer."""
        self._is_forgotten_by(identity.provider)
        return await self._login.walk(self._http, identity)

    async def links(self, card: int = 1) -> None:
        """Log in with a foreign card that the eSpace does not know yet, and give the matricule."""
        answer = await self.tries_to_log_in(Identity(self.file.matricule, "eidas", card=card))
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/identity-not-linked"), answer.text
        await self._done("POST", "/api/v1/login/links", json={"matricule": self.file.matricule})

    async def steps_up(self, provider: str = "luxtrust") -> None:
        """Prove anew that it is still them, for what wants a fresh login."""
        answer = await self._login.walk(self._http, Identity(self.file.matricule, provider), step_up=True)
        assert answer.status_code == 302, answer.text

    async def logs_out(self) -> None:
        await self._done("DELETE", "/api/v1/session")

    async def logs_out_at_the_provider(self, provider: str = "luxtrust") -> None:
        """Not by way of the eSpace, which is told past the browser."""
        await self._login.leave(self._http, provider)

    async def sets_contact(self) -> None:
        """Give the address, and confirm it by the code that comes there."""
        tried = set(self._mailbox.codes_to(self.email))
        await self._done("PUT", "/api/v1/account/contact", json={"email": self.email})

        async def confirmed() -> bool:
            for code in set(self._mailbox.codes_to(self.email)) - tried:
                tried.add(code)
                await self.asks("POST", "/api/v1/account/contact/confirmation", json={"code": code})
            contact = (await self._done("GET", "/api/v1/account"))["contact"]
            return contact is not None and contact["email"] == self.email

        await until(confirmed, "the address to be confirmed")

    async def sets_mobile(self) -> None:
        """Give the number, and confirm it by the code that comes there."""
        await self._done("PUT", "/api/v1/account/mobile", json={"mobile": self.mobile})

        async def code() -> str | None:
            codes = self._phones.codes_to(self.mobile)
            return codes[-1] if codes else None

        typed = await until(code, "a code on the phone")
        await self._done("POST", "/api/v1/account/mobile/confirmation", json={"code": typed})

    async def gives_mandate(self, holder: InsuredPerson, *scopes: str) -> str:
        """Let another person act from now on, who agrees; the id of the mandate."""
        wish = {"holder_matricule": holder.file.matricule, "scopes": scopes}
        mandate: str = (await self._done("POST", "/api/v1/mandates", json=wish))["mandate"]
        await holder._done("POST", f"/api/v1/mandates/{mandate}/acceptance")
        return mandate

    def acts_for(self, other: InsuredPerson) -> InsuredPerson:
        """This person, with their own login, in the eSpace of another."""
        acting = copy(self)
        acting.file, acting._on_behalf_of = other.file, {"Espace-On-Behalf-Of": other.file.insured}
        return acting

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

    async def looks_at_a_new(self, kind: str) -> dict[str, Any]:
        """A procedure as it is before the first answer."""
        started: dict[str, Any] = await self._done("POST", "/api/v1/procedures", json={"kind": kind, "locale": self.file.locale})
        return started

    async def attaches(self, procedure: Procedure, files: Mapping[str, bytes]) -> None:
        for role, content in files.items():
            await self._done("POST", f"{_at(procedure)}/attachments", data={"role": role}, files={"file": ("file.pdf", content)})

    async def answers(self, procedure: Procedure, answers: Mapping[str, str]) -> None:
        shown = await self.sees(procedure)
        wanted = {**shown["answers"], **answers}
        answer = await self.asks("PUT", f"{_at(procedure)}/answers", json={"answers": wanted}, headers=_if_match(shown))
        saved = answer.is_success or (answer.status_code == 412 and (await self.sees(procedure))["answers"] == wanted)
        assert saved, answer.text  # 412: a try saved them, and the gateway died before it said so

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
        """What lies in the eSpace but for receipts, each with its PDF."""
        listed = (await self._done("GET", "/api/v1/documents"))["documents"]
        return [await self._downloads(row) for row in listed if row["type"] != RECEIPT and (about is None or row["procedure"] == about.id)]

    async def receipts(self, about: Procedure) -> list[Document]:
        """Of a procedure's submissions, the last one first."""
        listed = (await self._done("GET", f"/api/v1/documents?type={RECEIPT}"))["documents"]
        return [await self._downloads(row) for row in listed if row["procedure"] == about.id]

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

    async def looks_at(self, path: str) -> Any:
        """What the eSpace shows the person there."""
        return await self._done("GET", f"/api/v1/{path}")

    async def free_slots(self, agency: str) -> list[str]:
        """The times an agency offers, the last ones first: those before may pass the hour up to which they can be moved."""
        first = utc_now().date() + timedelta(days=20)
        shown = await self.looks_at(f"agencies/{agency}/slots?from={first}&to={first + timedelta(days=10)}")
        return [slot["starts_at"] for slot in reversed(shown["slots"])]

    async def withdraws(self, procedure: Procedure) -> None:
        await self._done("POST", f"{_at(procedure)}/withdrawal", headers=_if_match(await self.sees(procedure)))

    async def writes(self, procedure: Procedure, text: str) -> None:
        await self._done("POST", f"{_at(procedure)}/messages", json={"text": text})

    @asynccontextmanager
    async def follows(self) -> AsyncIterator[Page]:
        """An open page, once it is listened for on its behalf."""
        async with self._http.stream("GET", "/api/v1/events", timeout=60) as answer:
            assert answer.status_code == 200, await answer.aread()
            page = Page(answer.aiter_lines())
            await page.told("ready")
            yield page

    async def asks(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Any request of this person, and its answer as it is."""
        headers = {"Idempotency-Key": str(uuid4()), **self._on_behalf_of, **content.pop("headers", {})}
        return await self._http.request(method, path, headers=headers, **content)

    def _is_forgotten_by(self, provider: str) -> None:
        jar = self._http.cookies.jar
        for cookie in [cookie for cookie in jar if cookie.path == f"/{provider}"]:
            jar.clear(cookie.domain, cookie.path, cookie.name)

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
