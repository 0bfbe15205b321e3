from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from espace_contracts.vocabulary import DocumentId
from espace_documents.api.pdf import PDF_RESPONSES, WhoOpens, what_opens
from espace_documents.api.zip_stream import length_of, zipped
from espace_documents.app.use_cases import UseCases
from espace_kernel.access import Insured

AT_ONCE = 50
"""How many documents one ZIP may hold: as many as a part of the list has, and few enough for their ids to fit into an address."""


def _each_once(ids: Sequence[UUID]) -> Sequence[UUID]:
    if len(set(ids)) < len(ids):
        raise PydanticCustomError("named_twice", "Each document can be named once. Leave out those that are named again.")
    return ids


Ids = Annotated[
    list[UUID],
    Query(alias="id", min_length=1, max_length=AT_ONCE, description="the documents, each once", json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]


def routes(do: UseCases) -> APIRouter:
    """Several documents at once.

    It is a GET, as the download of one document is: it makes nothing that would need an Idempotency-Key, may be repeated, and a form of the
    browser sends it without a script. The ids that stand in its address say nothing about the person.
    """
    router = APIRouter(tags=["My documents"])

    @router.get(
        "/api/v1/documents.zip",
        operation_id="downloadDocuments",
        summary="Download several PDFs as one ZIP",
        description="Each counts as opened, and as downloaded, as if it were downloaded alone. A file that is found damaged on the way "
        "breaks the ZIP off: it is then shorter than announced and cannot be unpacked.",
        response_class=StreamingResponse,
        responses={
            **PDF_RESPONSES,
            200: {
                "description": "The PDFs as they are, named by date, title and reference.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            },
            404: {"description": "Problem not-found: one of them is no document of this person's eSpace"},
        },
    )
    async def download(ids: Ids, insured: Insured, by: WhoOpens) -> StreamingResponse:
        opened = await what_opens(do.open_together([DocumentId(one) for one in ids], insured, by), "set of documents")
        headers = {
            "Content-Length": str(length_of(opened.documents)),
            "Content-Disposition": 'attachment; filename="documents.zip"',
            "Cache-Control": "private, no-store",
        }
        return StreamingResponse(zipped(opened), media_type="application/zip", headers=headers)

    return router
