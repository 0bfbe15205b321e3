from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from espace_identity.app.use_cases import UseCases
from espace_identity.domain.access import Access, AccessActor, AccessKind
from espace_kernel.access import Insured


class AccessView(BaseModel):
    """One access to the person's file."""

    access: UUID = Field(description="its id")
    at: datetime
    kind: AccessKind
    actor: AccessActor = Field(description="who it was")
    name: str | None = Field(description="the name of the holder of a mandate")
    details: dict[str, str] = Field(
        description="what was opened, by ids and names", examples=[{"service": "documents", "operation": "getPdf"}]
    )


class AccessesView(BaseModel):
    """Who looked at the person's data, the newest first."""

    accesses: list[AccessView]
    next_cursor: str | None = Field(description="send it as cursor to get the next page; null on the last one")


def routes(do: UseCases) -> APIRouter:
    """The route of the access log."""
    router = APIRouter(prefix="/api/v1/accesses")

    @router.get("", operation_id="listAccesses", summary="See who looked at your data")
    async def accesses(
        insured: Insured,
        cursor: Annotated[str | None, Query(pattern=r"^[0-9]{15}-[0-9a-f]{32}$", description="next_cursor of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=100, description="how many entries")] = 50,
    ) -> AccessesView:
        page, following = await do.list_accesses(insured, cursor, limit)
        return AccessesView(accesses=[_view(access) for access in page], next_cursor=following)

    return router


def _view(access: Access) -> AccessView:
    return AccessView(
        access=access.id, at=access.at, kind=access.kind, actor=access.actor, name=access.name, details=dict(access.details)
    )  # fmt: skip
