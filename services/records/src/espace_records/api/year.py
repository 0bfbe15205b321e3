from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from espace_contracts.vocabulary import Locale
from espace_kernel.access import Insured
from espace_records.api.spreadsheet import spreadsheet_of
from espace_records.app.use_cases import UseCases


def routes(do: UseCases) -> APIRouter:
    """A year's reimbursements, to take along."""
    router = APIRouter()

    @router.get(
        "/api/v1/me/reimbursements.csv",
        operation_id="downloadMyReimbursements",
        summary="Download a year's reimbursements for a spreadsheet",
        description="One row for each service, newest settlement first, below a row of headings: UTF-8 with its mark, cells separated by "
        "semicolons, amounts in euros with a decimal comma, days as 2026-03-02. A year without reimbursements has the headings alone.",
        response_class=StreamingResponse,
        responses={200: {"description": "The rows.", "content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    async def year(
        insured: Insured,
        year: Annotated[int, Query(ge=1900, le=9999, description="of the settlement, not of the service")],
        locale: Annotated[Locale, Query(description="the language of the headings")] = Locale.FRENCH,
    ) -> StreamingResponse:
        rows = spreadsheet_of(await do.list_year(insured, year), locale)
        headers = {"Content-Disposition": f'attachment; filename="reimbursements-{year}.csv"', "Cache-Control": "private, no-store"}
        return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)

    return router
