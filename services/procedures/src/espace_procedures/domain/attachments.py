"""Files that a person attaches: which are taken, and what is kept of them. A file's own name is personal and is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 100
MAX_PIXELS = 40_000_000

ATTACHED_WITHIN = timedelta(minutes=30)
"""How long after its request came a file may still come to be referred to: far longer than looking into five of them takes."""
ORPHANED_AFTER = timedelta(hours=1)
"""A file this old to which nothing refers never will be referred to: its request has given up long before (ATTACHED_WITHIN)."""

_BEGINNINGS = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
MEDIA_TYPES = tuple(_BEGINNINGS)


@dataclass(frozen=True)
class Attachment:
    """A file as its procedure keeps it. `blob` is where its bytes lie, `size` in bytes; hash and size are of what the person reads."""

    id: UUID
    role: str
    blob: UUID
    sha256: str
    size: int
    media_type: str


class Flaw(StrEnum):
    """What makes a file unfit although its type is taken; the values are part of the API."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active-content"
    EMBEDDED_FILES = "embedded-files"
    DISGUISED = "disguised"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_PIXELS = "too-many-pixels"
    SEVERAL_PICTURES = "several-pictures"
    TOO_COMPLEX = "too-complex"
    INFECTED = "infected"


class Unfit(Exception):
    """A file that was looked into and is not taken."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def media_type_of(content: bytes) -> str | None:
    """What the content is, by how it begins and never by a name; None when it is of a type that is not taken."""
    return next((media_type for media_type, beginning in _BEGINNINGS.items() if content.startswith(beginning)), None)
