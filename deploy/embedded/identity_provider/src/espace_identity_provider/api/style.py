from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response


def routes() -> APIRouter:
    """How the pages look."""
    router = APIRouter()
    sheet = files("espace_identity_provider").joinpath("assets", "style.css").read_text(encoding="utf-8")

    @router.get("/style.css", summary="Read the style sheet")
    async def style() -> Response:
        return Response(sheet, media_type="text/css", headers={"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"})

    return router
