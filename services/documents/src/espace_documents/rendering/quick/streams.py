"""The objects of the PDF, packed once, at zlib's usual level.

Its highest takes twice as long for two hundredths less. And pydyf packs each stream twice: to write it, and for the file's identifier.
"""

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import Any

import pydyf


def _usual_compression(level: int) -> zlib._Compress:
    del level  # pydyf always asks for the highest
    return zlib.compressobj()


class Packed(pydyf.Object):  # type: ignore[misc]  # pydyf carries no types
    """An object that will not change any more."""

    data = b""
    compressible = False

    def __init__(self, finished: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = finished.number, finished.generation, finished.free
        self.data, self.compressible = finished.data, finished.compressible


class QuickPDF(pydyf.PDF):  # type: ignore[misc]  # as above
    """A file whose objects are packed once."""

    def write(self, *where_and_how: Any) -> None:
        """As pydyf's."""
        self.objects: list[Any] = [each if each.free == "f" else Packed(each) for each in self.objects]
        super().write(*where_and_how)


def use_quick_streams() -> None:
    """Has pydyf pack so, in this process."""
    pydyf.PDF = QuickPDF
    pydyf.zlib = SimpleNamespace(compress=zlib.compress, compressobj=_usual_compression)
