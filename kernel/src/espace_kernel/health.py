"""Liveness says the process runs; readiness says it can do its work, and if not, what is missing."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


class Health:
    """Each part of a service says for itself what keeps it from working; the service is ready when none does."""

    def __init__(self) -> None:
        self._obstacles: dict[str, str] = {"start": "The service is starting."}

    def obstruct(self, part: str, sentence: str) -> None:
        """Turn unready: `sentence` says what is wrong with `part`, without personal data."""
        self._obstacles[part] = sentence

    def clear(self, part: str) -> None:
        """`part` works again."""
        self._obstacles.pop(part, None)

    @property
    def obstacles(self) -> dict[str, str]:
        """What keeps the service from working now, by part; empty when it is ready."""
        return dict(self._obstacles)


def health_routes(health: Health) -> APIRouter:
    """`/livez`, `/readyz` and `/metrics`: for operators, never published by the gateway."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        obstacles = health.obstacles
        return JSONResponse({"status": "not ready" if obstacles else "ready", "obstacles": obstacles}, 503 if obstacles else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
