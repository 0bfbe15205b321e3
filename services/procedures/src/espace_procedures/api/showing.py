"""A procedure as the answer of a route, with its version."""

from __future__ import annotations

from fastapi import Response

from espace_contracts.vocabulary import Locale
from espace_procedures.api import present
from espace_procedures.api.conditions import tag
from espace_procedures.api.models import ProcedureShown
from espace_procedures.app.use_cases import UseCases
from espace_procedures.app.view_procedure import View
from espace_procedures.domain.procedure import Procedure


async def shown(do: UseCases, seen: Procedure | View, response: Response, locale: Locale | None = None) -> ProcedureShown:
    """A procedure that was just changed, or looked at, in its own language unless another is asked for."""
    view = seen if isinstance(seen, View) else await do.view.of(seen)
    tag(response, view.procedure)
    return present.whole(view, locale)
