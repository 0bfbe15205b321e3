"""Several documents as one ZIP, written while it goes out.

Python's own zipfile writes it, into a window that holds one document: so far back it must look to write a file's size and checksum before
the file, where all that unpack look for them. A stream that cannot go back puts them behind it, and with files that are stored as they are,
macOS and others then fail. Libraries that stream ZIPs hold a stored file just as long. The PDFs are compressed already, so they are stored.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import AsyncIterator, Sequence
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from espace_documents.app.open_together import OpenedTogether
from espace_documents.domain.document import Document
from espace_documents.domain.order import LUXEMBOURG

_LOCAL_HEADER, _DIRECTORY_ENTRY, _END = 30, 46, 22
"""Bytes around each file and at the end (APPNOTE 6.3.10, 4.3.7, 4.3.12, 4.3.16), names not counted."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\s]+')
"""What no file may be called on Windows, and white space of any length."""
_LONGEST_TITLE = 80
_READABLE = 0o100644 << 16
"""A plain file that its owner may write and everybody read, as Unix has it."""


def length_of(documents: Sequence[Document]) -> int:
    """Bytes of the ZIP, known beforehand: so a ZIP that broke off is seen to be short."""
    names = sum(2 * len(name_of(document).encode()) for document in documents)
    return names + sum(_LOCAL_HEADER + document.pdf.size + _DIRECTORY_ENTRY for document in documents) + _END


async def zipped(opened: OpenedTogether) -> AsyncIterator[bytes]:
    """The ZIP, a document at a time. Ends early, without the directory that makes it a ZIP, by whatever the files raise."""
    window = _Window()
    with ZipFile(window, "w", ZIP_STORED) as archive:
        async for file in opened.files:
            archive.writestr(_entry(file.document), file.pdf)
            yield window.emptied()
    yield window.emptied()


def name_of(document: Document) -> str:
    """`2026-03-02 Change of bank account D-7F3K-2M9Q-XB4A.pdf`: sorts by the date on the paper, and no other has this reference."""
    title = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", document.pdf.title))
    visible = "".join(sign for sign in title if unicodedata.category(sign)[0] != "C")
    return f"{document.source.issued_on} {visible[:_LONGEST_TITLE].strip(' .')} {document.reference}.pdf"


def _entry(document: Document) -> ZipInfo:
    assert document.available_at is not None
    entry = ZipInfo(name_of(document), document.available_at.astimezone(LUXEMBOURG).timetuple()[:6])
    entry.external_attr = _READABLE
    return entry


class _Window(io.BytesIO):
    """What was written since it was last emptied. Places in it count from the beginning of all that was ever written."""

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0

    def tell(self) -> int:
        return self._gone + super().tell()

    def seek(self, place: int, whence: int = io.SEEK_SET, /) -> int:
        return self._gone + super().seek(place - self._gone, whence)

    def emptied(self) -> bytes:
        content = self.getvalue()
        self._gone += len(content)
        super().seek(0)
        self.truncate(0)
        return content
