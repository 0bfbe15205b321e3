from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from espace_contracts.vocabulary import Locale, ProcedureStatus
from espace_kernel.access import Insured
from espace_kernel.problems import Problem
from espace_procedures.api import present
from espace_procedures.api.conditions import SeenOrCurrent
from espace_procedures.api.cursors import cursor_of, place_at
from espace_procedures.api.models import CatalogueShown, ProcedureShown, ProceduresShown
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.api.showing import shown
from espace_procedures.app.ports import Place
from espace_procedures.app.use_cases import UseCases

LocaleAsked = Annotated[Locale | None, Query(alias="locale", description="the language to show it in; the procedure's own when missing")]


def _place(cursor: str) -> Place:
    try:
        return place_at(cursor)
    except ValueError:
        raise Problem(
            422, "unknown-cursor", "The list cannot go on from this cursor. Ask for it without a cursor to begin at the newest."
        ) from None


def routes(do: UseCases) -> APIRouter:
    """What can be started, and what a person has started. The catalogue is nobody's secret; the rest wants a login."""
    router = APIRouter(prefix="/api/v1/procedures", tags=["procedures"], route_class=ProcedureRoute)

    @router.get(
        "/catalogue", operation_id="getCatalogue", summary="What can be started, what it asks and which files it wants",
        responses=problems(422),
    )  # fmt: skip
    async def get_catalogue(locale: Annotated[Locale, Query(description="the language to show it in")] = Locale.FRENCH) -> CatalogueShown:
        return present.catalogue(locale)

    @router.get("", operation_id="listProcedures", summary="My procedures", responses=problems(401, 403, 422))
    async def list_procedures(
        insured: Insured,
        status: Annotated[ProcedureStatus | None, Query(description="only those in this status")] = None,
        cursor: Annotated[str | None, Query(description="the `next_cursor` of the part before")] = None,
        limit: Annotated[int, Query(ge=1, le=100, description="how many at most")] = 50,
        locale: LocaleAsked = None,
    ) -> ProceduresShown:
        page = await do.list_page(insured, status, _place(cursor) if cursor else None, limit)
        return ProceduresShown(
            procedures=[present.summary(procedure, page.unread.get(procedure.id, 0), locale) for procedure in page.procedures],
            next_cursor=cursor_of(page.last) if page.last else None,
        )

    @router.get("/{procedure}", operation_id="getProcedure", summary="One of my procedures", responses=problems(401, 403, 404, 422))
    async def get_procedure(seen: SeenOrCurrent, response: Response, locale: LocaleAsked = None) -> ProcedureShown:
        return await shown(do, await do.view(seen), response, locale)

    return router
