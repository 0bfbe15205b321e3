"""What is asked of the typesetter and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeAlias

JsonValue: TypeAlias = "Mapping[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"


OUT_OF_MEMORY = (MemoryError, SystemError)
"""CPython raises the second where it has no memory for the frame of a call."""


class RenderingRefused(Exception):
    """This document will never render: the message says which field, limit, glyph or asset is wrong, and never a value of the person's."""


class RenderingInterrupted(Exception):
    """The document was not to blame: workers were killed from outside, could not start, or the pool was closed. Ask again later."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the letter addresses.

    ``lines`` are the one to five lines of the postal address as they are printed, without name and country;
    ``country`` is ISO 3166-1 alpha-2, printed in French capitals for the post unless it is LU.
    """

    name: str
    lines: tuple[str, ...]
    country: str


@dataclass(frozen=True, slots=True)
class RenderingRequest:
    """One document to typeset. ``content`` holds the fields that ``contents.py`` lists for the type; dates are ISO 8601 text.
    ``verification`` is the code printed on it, as domain/verification.py makes it; without one there is no code on the paper.

    The same request gives the same bytes: whatever dates the file carries come from ``issued_on``.
    """

    document_type: str
    locale: str
    reference: str
    issued_on: date
    recipient: Addressee
    content: Mapping[str, JsonValue]
    verification: str | None = None

    def data(self) -> dict[str, JsonValue]:
        """All of it as JSON, for machines."""
        return {**asdict(self), "issued_on": self.issued_on.isoformat()}


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """The file. ``sha256`` is of ``pdf``, in lower-case hexadecimal; ``title`` is the subject in the letter's language."""

    pdf: bytes
    sha256: str
    pages: int
    title: str
