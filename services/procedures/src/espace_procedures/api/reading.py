from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from espace_contracts.vocabulary import Locale, ProcedureStatus
from espace_kernel.access import Insured
from espace_kernel.clock import utc_now
from espace_procedures.api import present
from espace_procedures.api.conditions import ProcedureInPath, tag
from espace_procedures.api.models import CatalogueShown, ProcedureShown, ProceduresShown
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.app.use_cases import UseCases

LocaleAsked = Annotated[Locale | None, Query(alias="locale", description="the language to show it in; the procedure's own when missing")]


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
        locale: LocaleAsked = None,
    ) -> ProceduresShown:
        found = await do.list_all(insured, status)
        return ProceduresShown(procedures=[present.summary(procedure, locale) for procedure in found])

    @router.get("/{procedure}", operation_id="getProcedure", summary="One of my procedures", responses=problems(401, 403, 404, 422))
    async def get_procedure(
        procedure_id: ProcedureInPath, insured: Insured, response: Response, locale: LocaleAsked = None
    ) -> ProcedureShown:
        procedure = await do.read(procedure_id, insured)
        tag(response, procedure)
        return present.whole(procedure, utc_now(), locale)

    return router
