"""Errors over HTTP as RFC 9457 problem details: what happened and what to do, in full sentences."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_kernel.store import STORE_AWAY

log = logger()

PROBLEM_TYPES = "/problems/"
"""Where the gateway documents each type of problem; the type's last part is its name."""


class Problem(Exception):
    """An answer that is no success. `name` is permanent and machine-readable, `detail` is for a person."""

    def __init__(self, status: int, name: str, detail: str, *, headers: dict[str, str] | None = None, **extensions: Any) -> None:
        super().__init__(name)
        self.status, self.name, self.detail, self.headers, self.extensions = status, name, detail, headers, extensions

    def response(self) -> JSONResponse:
        """The problem as its media type wants it."""
        body = {
            "type": f"{PROBLEM_TYPES}{self.name}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.extensions,
        }
        return JSONResponse(body, self.status, media_type="application/problem+json", headers=self.headers)


class NotFound(Problem):
    """There is no such thing for this person; whether it exists for another is not told."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "not-found", f"There is no such {what} in this eSpace. Check the address, or open the list and choose again.")


class Stale(Problem):
    """The caller decided on a version that is no longer the current one."""

    def __init__(self) -> None:
        super().__init__(
            412, "stale-version", "This was changed since you loaded it, perhaps in another tab. Load it again, then repeat your change."
        )


_SENTENCES = {
    400: (
        "unreadable",
        "The request could not be read. Check its form against the API's description, then send it again.",
    ),
    404: ("not-found", "There is nothing at this address. Check it against the API's description."),
    405: ("method-not-allowed", "This address does not take this method. The Allow header lists those it takes."),
    413: ("too-large", "The request is too large. Send smaller files."),
    415: ("unsupported-media-type", "This kind of content is not taken here. Send the media type that the API's description names."),
}


def install_problems(app: FastAPI) -> None:
    """Make every error of an application a problem, the framework's own ones included."""

    async def on_problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return error.response()

    async def on_http_error(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        name, detail = _SENTENCES.get(
            error.status_code, (HTTPStatus(error.status_code).phrase.lower().replace(" ", "-"), "The request cannot be answered like this.")
        )
        return Problem(error.status_code, name, detail, headers=dict(error.headers or {})).response()

    async def on_invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [{"field": ".".join(str(part) for part in wrong["loc"][1:]), "detail": wrong["msg"]} for wrong in error.errors()]
        return Problem(
            422, "invalid-request", "Some fields are missing or malformed. Correct each field named under errors.", errors=errors
        ).response()

    async def on_conflict(_request: Request, _error: Exception) -> JSONResponse:
        return Stale().response()

    async def on_store_away(_request: Request, error: Exception) -> JSONResponse:
        log.warning("a request met no store", error=type(error).__name__)
        return Problem(
            503, "store-away", "The eSpace cannot reach its data right now. Repeat the request in a moment, with the same Idempotency-Key.",
            headers={"Retry-After": "2"},
        ).response()  # fmt: skip

    async def on_defect(request: Request, error: Exception) -> JSONResponse:
        log.error("a request failed", exc_info=error, method=request.method)
        return Problem(
            500, "defect", "Something went wrong on our side; nothing you sent was taken. Try again; if it persists, tell the CNS."
        ).response()

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(VersionConflict, on_conflict)
    for away in STORE_AWAY:
        app.add_exception_handler(away, on_store_away)
    app.add_exception_handler(Exception, on_defect)
