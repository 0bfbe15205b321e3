"""How a PDF is answered, to a person and to the printer alike."""

from __future__ import annotations

import base64
from collections.abc import Awaitable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from espace_documents.app.open_pdf import OpenedPdf
from espace_documents.app.ports import ArchiveDamaged, ArchiveLocked
from espace_documents.domain.document import OpenedBy
from espace_kernel.access import principal_of
from espace_kernel.problems import NotFound, Problem

T = TypeVar("T")

PDF_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. ETag is its SHA-256 in hexadecimal; Repr-Digest the same after RFC 9530.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    },
    500: {"description": "Problem archive-damaged: the stored file is not the one that was archived"},
    503: {"description": "Problem archive-locked: a key of the archive is missing; try again later"},
}


async def pdf_answer(opening: Awaitable[OpenedPdf | None], what: str) -> StreamingResponse:
    """Stream the file that is being opened. A file found damaged on the way breaks off, so that its length is short of what was announced.

    Raises Problem as what_opens().
    """
    opened = await what_opens(opening, what)
    pdf = opened.document.pdf
    digest = base64.b64encode(bytes.fromhex(pdf.sha256)).decode()
    headers = {
        "Content-Length": str(pdf.size),
        "ETag": f'"{pdf.sha256}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f'attachment; filename="{opened.document.reference}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(opened.pieces, media_type="application/pdf", headers=headers)


async def what_opens(opening: Awaitable[T | None], what: str) -> T:
    """What is being opened. Raises Problem 404 when there is no such `what`, 500 when its file is damaged, 503 while a key is missing."""
    try:
        opened = await opening
    except ArchiveDamaged:
        raise Problem(
            500,
            "archive-damaged",
            "The stored file of this document is damaged, so it is not shown. Tell the CNS, naming the document's reference.",
        ) from None
    except ArchiveLocked:
        raise Problem(
            503, "archive-locked", "This document cannot be opened at the moment. Try again later; nothing of it is lost."
        ) from None
    if opened is None:
        raise NotFound(what)
    return opened


async def _who_opens(request: Request) -> OpenedBy:
    return OpenedBy.MANDATE if (await principal_of(request)).acting else OpenedBy.SELF


WhoOpens = Annotated[OpenedBy, Depends(_who_opens)]
"""Parameter of a route that opens a document: whether the person does, or who holds a mandate of theirs."""
