"""`espace demo`: the main job without a browser. Two persons, two procedures each; one receives by eDelivery, the other by post.

Everything is done through the gateway's API; only the printer's and the e-mail sink's folders are read beside it. What earlier runs left is
no part of the comparison: a document or a letter belongs to this run when it names one of its procedures.
"""

import asyncio
import email
import hashlib
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import typer
from pypdf import PdfReader
from rich.console import Console
from rich.table import Table

from espace_embedded.checks import CannotRun, check
from espace_embedded.jars import JarsUnavailable
from espace_embedded.java import BuildFailed
from espace_embedded.parts import url
from espace_embedded.process import NotReady
from espace_embedded.runfile import RunFile
from espace_embedded.settings import Settings
from espace_embedded.stack import CommandFailed, Stack

WITHIN_S = 30.0
ACCOUNTS = ("LU280019400644750000", "LU980019400644750001")
"""A bank change names the one of these that is not on file yet."""

T = TypeVar("T")
console = Console(highlight=False, soft_wrap=True)


class Disproved(Exception):
    """The demonstration did not show what it should: something is missing or double. The text is a sentence."""


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


GUESTS = (Guest("Sophie Hoffmann", "1983081246785", "fr", edelivery=True), Guest("Luc Schmit", "1990093012358", "lb", edelivery=False))


@dataclass
class Step:
    """One line of the timeline; `what` is written while it is under way."""

    what: str = ""


class Timeline:
    """What happened, in order, with the milliseconds each step took."""

    def __init__(self) -> None:
        self.table = Table("step", "who", "what")
        self.table.add_column("ms", justify="right")

    @contextmanager
    def step(self, name: str, who: Guest | None = None) -> Iterator[Step]:
        """Measure a step; one that fails is written down as failed."""
        step, began = Step(), time.perf_counter()
        failed = "[red]failed[/] "
        try:
            yield step
            failed = ""
        finally:
            self.table.add_row(name, who.name if who else "", failed + step.what, f"{(time.perf_counter() - began) * 1000:,.0f}")


@dataclass(frozen=True)
class Forwarded:
    """A procedure of this run."""

    id: str
    reference: str
    kind: str
    at: float = field(default_factory=time.perf_counter)


class Visitor:
    """One person at the gateway: a cookie, and nothing else."""

    def __init__(self, guest: Guest, http: httpx.AsyncClient, timeline: Timeline) -> None:
        self.guest, self._http, self._timeline = guest, http, timeline

    async def arrives(self) -> bool:
        """Log in, say where notices go, choose the channel. True when the channel was another before."""
        with self._timeline.step("log in", self.guest) as step:
            await until(self._logs_in, f"{self.guest.name} could not log in: the fund's file has not reached identity")
            step.what = "a session cookie"
        with self._timeline.step("contact address", self.guest) as step:
            step.what = (await self.asks("PUT", "/account/contact", json={"email": self.guest.email}))["email"]
        with self._timeline.step("eDelivery", self.guest) as step:
            before = await self.asks("GET", "/edelivery")
            await until(self._chooses, "eDelivery could not be switched: the fund's file has not reached documents")
            step.what = "on: documents come to the eSpace" if self.guest.edelivery else "off: documents come by post"
        return bool(before["active"]) is not self.guest.edelivery

    async def submits(self, kind: str) -> Forwarded:
        """Prepare a procedure and forward it."""
        draft = await self._starts(kind)
        at = f"/procedures/{draft['id']}"
        answers, files = await self._wishes(kind)
        for role, content in files.items():
            with self._timeline.step("attach", self.guest) as step:
                step.what = f"{role}, {len(content)} bytes of PDF"
                await self.asks("POST", f"{at}/attachments", data={"role": role}, files={"file": ("statement.pdf", content)})
        with self._timeline.step("answer", self.guest) as step:
            step.what = ", ".join(answers)
            shown = await self.asks("GET", at)
            shown = await self.asks("PUT", f"{at}/answers", json={"answers": {**shown["answers"], **answers}}, version=shown["version"])
        with self._timeline.step("submit", self.guest) as step:
            shown = await self.asks("POST", f"{at}/submissions", version=shown["version"])
            step.what = f"{shown['reference']}: {shown['status_label']}"
        return Forwarded(draft["id"], shown["reference"], kind)

    async def sees_closed(self, procedure: Forwarded) -> None:
        """Wait until the fund has decided, and approved."""

        async def closed() -> dict[str, Any] | None:
            shown = await self.asks("GET", f"/procedures/{procedure.id}")
            return shown if shown["status"] == "closed" else None

        with self._timeline.step("close", self.guest) as step:
            shown = await until(closed, f"{procedure.reference} was not closed")
            step.what = f"{procedure.reference}: {shown['status_label']}, {shown['outcome']}"
        if shown["outcome"] != "approved":
            raise Disproved(f"{procedure.reference} was closed, and not approved.")

    async def documents(self, about: Forwarded) -> list[dict[str, Any]]:
        """What lies in the eSpace of this procedure."""
        return [row for row in (await self.asks("GET", "/documents"))["documents"] if row["procedure"] == about.id]

    async def downloads(self, document: Mapping[str, Any]) -> bytes:
        """A PDF whose SHA-256 is the one the API says."""
        answer = await self._http.get(f"/api/v1/documents/{document['id']}/pdf")
        answer.raise_for_status()
        if hashlib.sha256(answer.content).hexdigest() != document["sha256"]:
            raise Disproved(f"The downloaded PDF {document['reference']} has not the SHA-256 that the API says.")
        return answer.content

    async def asks(self, method: str, path: str, *, version: int | None = None, **content: Any) -> Any:
        """The answer's body. Raises Disproved with the problem's sentence."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} | ({"If-Match": f'"{version}"'} if version is not None else {})
        answer = await self._http.request(method, f"/api/v1{path}", headers=headers, **content)
        if answer.is_error:
            raise Disproved(f"{method} {path} was answered {answer.status_code}: {answer.text}")
        return answer.json() if answer.content else None

    async def _logs_in(self) -> bool:
        answer = await self._http.post("/api/v1/session", json={"matricule": self.guest.matricule})
        return answer.status_code == httpx.codes.CREATED

    async def _chooses(self) -> bool:
        answer = await self._http.put("/api/v1/edelivery", json={"active": self.guest.edelivery})
        return answer.status_code == httpx.codes.OK

    async def _starts(self, kind: str) -> dict[str, Any]:
        with self._timeline.step("start", self.guest) as step:
            draft: dict[str, Any] = await until(lambda: self._new_draft(kind), f"an earlier {kind} stays open")
            known = {**draft["answers"], **{f"{name} on file": value for name, value in draft["on_file"].items()}}
            filled_in = ", ".join(f"{name} {value}" for name, value in known.items())
            step.what = f"{draft['title']}" + (f"; filled in: {filled_in}" if filled_in else "")
        return draft

    async def _new_draft(self, kind: str) -> dict[str, Any] | None:
        """A new draft; None when an open procedure of a broken run was in the way, and something was done about it."""
        shown: dict[str, Any] = await self.asks("POST", "/procedures", json={"kind": kind, "locale": self.guest.locale})
        at = f"/procedures/{shown['id']}"
        if len(shown["history"]) == 1 and not shown["attachments"] and shown["version"] == 1:
            return shown
        if shown["status"] == "in_preparation":
            await self.asks("DELETE", at)
        elif shown["status"] == "to_be_corrected":
            _, files = await self._wishes(kind)
            for role, content in files.items():
                shown = await self.asks("POST", f"{at}/attachments", data={"role": role}, files={"file": ("statement.pdf", content)})
            await self.asks("POST", f"{at}/submissions", version=shown["version"])
        return None

    async def _wishes(self, kind: str) -> tuple[dict[str, str], dict[str, bytes]]:
        """The answers and the files of a procedure."""
        if kind == "ehic_replacement_certificate":
            return {"destination": "IT"}, {}
        on_file = (await self.asks("GET", "/me/bank-details"))["iban"]
        iban = next(account for account in ACCOUNTS if account[-4:] != on_file[-4:])
        return {"iban": iban}, {"bank_statement": bank_statement(self.guest.name, iban)}


@dataclass(frozen=True)
class Letter:
    """A letter as the printer finds it."""

    pdf: Path
    address_sheet: Path


def letters_about(procedure: Forwarded, print_ready: Path) -> list[Letter]:
    """The letters of all print runs that name the procedure; each has the SHA-256 its manifest says."""
    found = []
    for manifest in sorted(print_ready.glob("*/manifest.json")):
        for row in json.loads(manifest.read_text())["letters"]:
            letter = Letter(manifest.parent / row["file"], manifest.parent / row["address_sheet"])
            if procedure.reference in text_of(letter.pdf):
                if hashlib.sha256(letter.pdf.read_bytes()).hexdigest() != row["sha256"]:
                    raise Disproved(f"The letter {letter.pdf} has not the SHA-256 that its manifest says.")
                found.append(letter)
    return found


def text_of(pdf: Path) -> str:
    """What a PDF says."""
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def bank_statement(holder: str, iban: str) -> bytes:
    """A bank identity statement of one page, as a PDF: what a person would scan or download."""
    lines = "".join(f"({line}) ' " for line in ("Bank identity statement (sample)", f"Holder: {holder}", f"IBAN: {iban}"))
    content = f"BT /F 14 Tf 24 TL 72 760 Td {lines}ET".replace("(sample)", "\\(sample\\)").encode("cp1252")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    pdf, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return pdf + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, table, size, len(pdf))


async def until(condition: Callable[[], Awaitable[T | None]], otherwise: str) -> T:
    """The first true answer. Raises Disproved with what did not happen."""
    try:
        async with asyncio.timeout(WITHIN_S):
            while not (answer := await condition()):
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise Disproved(f"{otherwise} within {WITHIN_S:.0f} s. `make status` shows the parts, their logs lie in .espace/logs.") from None
    return answer
