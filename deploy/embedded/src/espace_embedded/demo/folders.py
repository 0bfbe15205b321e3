"""What the demonstration reads and leaves outside of the API: the printer's runs, the mailbox, and the PDFs for a person to open."""

import email
import email.policy
import hashlib
import json
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from pypdf import PdfReader

from espace_embedded.demo.timeline import Disproved
from espace_embedded.demo.visitor import Guest, Procedure

CODE = re.compile(r"\b[0-9]{6}\b")
"""What an e-mail holds that confirms an address, and no notice does."""


@dataclass(frozen=True)
class Letter:
    """A letter as the printer finds it."""

    pdf: Path
    address_sheet: Path


class Folders:
    """Of one stack, by its state folder. What lay in them at the beginning is an earlier run's."""

    def __init__(self, state: Path) -> None:
        self._ready, self._mail, self.kept = state / "print" / "ready", state / "mail", state / "demo"
        self._before = {*self._messages(), *self._manifests()}
        self.kept.mkdir(parents=True, exist_ok=True)
        for old in self.kept.glob("*.pdf"):
            old.unlink()

    def letters(self, about: Procedure) -> list[Letter]:
        """The letters that name the procedure. Raises Disproved when one is not what its manifest says."""
        letters = []
        for manifest in sorted(set(self._manifests()) - self._before):
            for row in json.loads(manifest.read_text())["letters"]:
                letter = Letter(manifest.parent / row["file"], manifest.parent / row["address_sheet"])
                if about.reference in text_of(letter.pdf):
                    if hashlib.sha256(letter.pdf.read_bytes()).hexdigest() != row["sha256"]:
                        raise Disproved(f"The letter {letter.pdf} has not the SHA-256 that its manifest says.")
                    letters.append(letter)
        return letters

    def new_notices(self, guest: Guest) -> list[str]:
        """The notices that have come for a guest since the beginning, by the ids of their e-mails: one notice has one id."""
        return [str(message["Message-ID"]) for message in self._messages_to(guest) if CODE.search(_text_of(message)) is None]

    def new_code(self, guest: Guest) -> str | None:
        """The last code that has come for a guest since the beginning."""
        codes = [found[0] for message in self._messages_to(guest) if (found := CODE.search(_text_of(message)))]
        return codes[-1] if codes else None

    def keep(self, name: str, pdf: bytes) -> str:
        """Leaves a PDF where a person can open it; the name of the file."""
        (self.kept / f"{name}.pdf").write_bytes(pdf)
        return f"{name}.pdf"

    def _manifests(self) -> list[Path]:
        return list(self._ready.glob("*/manifest.json"))

    def _messages(self) -> list[Path]:
        return list(self._mail.glob("*.eml"))

    def _messages_to(self, guest: Guest) -> list[EmailMessage]:
        """The e-mails to a guest that came since the beginning, oldest first."""
        new = sorted(set(self._messages()) - self._before)
        messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in new]
        return [message for message in messages if guest.email in message["To"]]


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def text_of(pdf: Path) -> str:
    """What a PDF says."""
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
