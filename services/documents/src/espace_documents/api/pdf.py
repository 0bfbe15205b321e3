"""How a PDF is answered, to a person and to the printer alike."""

from __future__ import annotations

import base64
from collections.abc import Awaitable
from typing import Any

from fastapi.responses import StreamingResponse

from espace_documents.app.open_pdf import OpenedPdf
from espace_documents.app.ports import ArchiveDamaged
from espace_kernel.problems import NotFound, Problem

PDF_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. ETag is its SHA-256 in hexadecimal; Repr-Digest the same after RFC 9530.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    },
    500: {"description": "Problem archive-damaged: the stored file is not the one that was archived"},
}


async def pdf_answer(opening: Awaitable[OpenedPdf | None], what: str) -> StreamingResponse:
    """Stream the file that is being opened. A file found damaged on the way breaks off, so that its length is short of what was announced.

    Raises Problem 404 when there is no such `what`, 500 when the file is damaged before its first byte is sent.
    """
    try:
        opened = await opening
    except ArchiveDamaged:
        raise Problem(
            500,
            "archive-damaged",
            "The stored file of this document is damaged, so it is not shown. Tell the CNS, naming the document's reference.",
        ) from None
    if opened is None:
        raise NotFound(what)
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
