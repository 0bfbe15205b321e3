from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Path, Query, Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from espace_contracts.vocabulary import ProcedureKind
from espace_kernel.access import CallingService
from espace_kernel.idempotency import EffectId, OpenIdempotentRoute
from espace_kernel.problems import Problem
from espace_procedures.api.cursors import CURSOR, cursor_of, place_at
from espace_procedures.api.direct_models import (
    ApplicantShown,
    ChallengeRequest,
    ChallengeShown,
    DirectForm,
    ReceiptShown,
    UnmatchedShown,
    UnmatchedSubmissionsShown,
)
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.app.submit_directly import DirectRequest
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.direct_submission import DirectSubmission
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.reference import REFERENCE
from espace_procedures.domain.sentences import _

_NEXT_STEP = _(
    "The CNS answers by post, to the address it has on file and not to one you typed. Keep this number for questions; "
    "this procedure cannot be followed online."
)
_PART = "request"
_MAX_PARTS = 20


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A model's schema without references to definitions of its own, which would point nowhere inside the API's description."""
    definitions = schema.pop("$defs", {})

    def whole(part: Any) -> Any:
        if isinstance(part, list):
            return [whole(item) for item in part]
        if not isinstance(part, dict):
            return part
        referred = definitions.get(part.get("$ref", "").rpartition("/")[2], {})
        return {name: whole(value) for name, value in {**referred, **part}.items() if name != "$ref"}

    inlined: dict[str, Any] = whole(schema)
    return inlined


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [_PART],
                    "properties": {_PART: _inlined(DirectForm.model_json_schema())},
                    "additionalProperties": {"type": "string", "format": "binary", "description": "a file, in a part named by its role"},
                },
                "encoding": {_PART: {"contentType": "application/json"}},
            }
        },
    }
}

KindInPath = Annotated[ProcedureKind, Path(alias="kind", description="which procedure of the catalogue")]


class DirectRoute(ProcedureRoute, OpenIdempotentRoute):
    """A route without login, whose refusals become problems."""


def routes(do: UseCases) -> APIRouter:
    """Procedures by direct link: a challenge, then everything in one request. No draft, and nothing to follow."""
    router = APIRouter(prefix="/api/v1", tags=["without login"], route_class=DirectRoute)

    @router.post(
        "/challenges", operation_id="makeChallenge", summary="What is asked before a procedure without login", status_code=201,
        responses=problems(400, 409, 422),
    )  # fmt: skip
    async def make_challenge(body: ChallengeRequest, _effect_id: EffectId) -> ChallengeShown:
        posed = await do.make_challenge()
        return ChallengeShown(
            challenge=posed.challenge.id,
            puzzle=posed.puzzle,
            question=LANGUAGES[body.locale].say(posed.question),
            expires_at=posed.challenge.expires_at,
        )

    @router.post(
        "/direct-procedures/{kind}", operation_id="submitDirectly", summary="Send a procedure without login", status_code=201,
        openapi_extra=_BODY, responses=problems(400, 409, 413, 422, 503),
    )  # fmt: skip
    async def submit_directly(kind: KindInPath, request: Request, effect_id: EffectId, afterwards: BackgroundTasks) -> ReceiptShown:
        async with request.form(max_files=_MAX_PARTS, max_fields=_MAX_PARTS) as parts:
            form = await _form(parts)
            files = [(role, await file.read()) for role, file in parts.multi_items() if role != _PART and isinstance(file, UploadFile)]
        receipt = await do.submit_directly(effect_id, DirectRequest(kind=kind, files=tuple(files), **dict(form)))
        afterwards.add_task(do.match_submission, effect_id)
        return ReceiptShown(receipt=receipt, next_step=LANGUAGES[form.locale].say(_NEXT_STEP))

    return router


def internal_routes(do: UseCases) -> APIRouter:
    """For operators."""
    router = APIRouter(prefix="/internal", tags=["operators"])

    @router.get(
        "/unmatched-submissions", operation_id="listUnmatchedSubmissions", summary="Procedures sent by persons who are not found on file",
        responses=problems(401, 403, 422),
    )  # fmt: skip
    async def list_unmatched_submissions(
        _caller: CallingService,
        receipt: Annotated[str | None, Query(pattern=REFERENCE, description="only the one with this receipt, if it is there")] = None,
        cursor: Annotated[str | None, Query(pattern=CURSOR, description="the `next_cursor` of the part before")] = None,
        limit: Annotated[int, Query(ge=1, le=100, description="how many at most")] = 50,
    ) -> UnmatchedSubmissionsShown:
        page = await do.list_unmatched(receipt, place_at(cursor) if cursor else None, limit)
        return UnmatchedSubmissionsShown(
            submissions=[_unmatched(submission) for submission in page.submissions],
            next_cursor=cursor_of(page.last) if page.last else None,
        )

    return router


async def _form(parts: FormData) -> DirectForm:
    part = parts.get(_PART)
    text = await part.read() if isinstance(part, UploadFile) else part or ""
    try:
        return DirectForm.model_validate_json(text)
    except ValidationError as error:
        errors = [{"field": ".".join(str(step) for step in (_PART, *wrong["loc"])), "detail": wrong["msg"]} for wrong in error.errors()]
        raise Problem(
            422, "invalid-request", "Some fields are missing or malformed. Correct each field named under errors.", errors=errors
        ) from None


def _unmatched(submission: DirectSubmission) -> UnmatchedShown:
    return UnmatchedShown(
        receipt=submission.reference,
        kind=submission.kind,
        received_at=submission.received_at,
        expires_at=submission.expires_at,
        applicant=ApplicantShown.model_validate(asdict(submission.applicant) | {"date_of_birth": str(submission.applicant.date_of_birth)}),
    )
