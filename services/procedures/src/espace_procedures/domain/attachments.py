"""Files that a person attaches: which are taken, and what is kept of them. A file's own name is personal and is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from espace_procedures.domain.sentences import Sentence

MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024

_BEGINNINGS = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
MEDIA_TYPES = tuple(_BEGINNINGS)


@dataclass(frozen=True)
class Attachment:
    """A file as its procedure keeps it. `blob` is where its bytes lie, `size` in bytes."""

    id: UUID
    role: str
    blob: UUID
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRole:
    """What a file is for. The fund asks for an expected one that is missing; it does not keep the person from forwarding."""

    name: str
    label: Sentence
    hint: Sentence
    expected: bool


def media_type_of(content: bytes) -> str | None:
    """What the content is, by how it begins and never by a name; None when it is of a type that is not taken."""
    return next((media_type for media_type, beginning in _BEGINNINGS.items() if content.startswith(beginning)), None)
