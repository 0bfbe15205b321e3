from __future__ import annotations

from fastapi import APIRouter, Response

from espace_kernel.access import Insured
from espace_kernel.idempotency import EffectId
from espace_procedures.api.conditions import Acting, FreshlyLoggedIn, Seen, SeenOrCurrent
from espace_procedures.api.models import AnswersRequest, ProcedureShown, StartRequest, SubmitRequest
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.api.showing import shown
from espace_procedures.app.use_cases import UseCases


def routes(do: UseCases) -> APIRouter:
    """From the start of a draft to its forwarding, or its end by the person."""
    router = APIRouter(prefix="/api/v1/procedures", tags=["procedures"], route_class=ProcedureRoute)

    @router.post(
        "", operation_id="startProcedure", summary="Start a procedure, or go on with the open one", status_code=201,
        responses={200: {"model": ProcedureShown, "description": "the one that is open already"}, **problems(400, 401, 403, 409, 422)},
    )  # fmt: skip
    async def start_procedure(
        body: StartRequest, insured: Insured, acting: Acting, effect_id: EffectId, response: Response
    ) -> ProcedureShown:
        procedure = await do.start(effect_id, insured, body.kind, body.locale, acting)
        response.status_code = 201 if procedure.id == effect_id else 200
        response.headers["Location"] = f"{router.prefix}/{procedure.id}"
        return await shown(do, procedure, response)

    @router.put(
        "/{procedure}/answers", operation_id="saveAnswers", summary="Save the answers of a draft or a correction",
        responses=problems(401, 403, 404, 409, 412, 422, 428),
    )  # fmt: skip
    async def save_answers(seen: Seen, body: AnswersRequest, response: Response) -> ProcedureShown:
        procedure = await do.save_answers(seen, body.answers)
        return await shown(do, procedure, response)

    @router.post(
        "/{procedure}/submissions", operation_id="submitProcedure", summary="Forward a draft or a correction to the CNS", status_code=201,
        responses=problems(400, 401, 403, 404, 409, 412, 422, 428),
    )  # fmt: skip
    async def submit_procedure(
        seen: Seen, effect_id: EffectId, freshly_logged_in: FreshlyLoggedIn, response: Response, body: SubmitRequest | None = None
    ) -> ProcedureShown:
        procedure = await do.submit(seen, effect_id, locale=body.locale if body else None, freshly_logged_in=freshly_logged_in)
        return await shown(do, procedure, response)

    @router.post(
        "/{procedure}/withdrawal", operation_id="withdrawProcedure", summary="Take a procedure back from the CNS before it decides",
        responses=problems(400, 401, 403, 404, 409, 412, 422, 428),
    )  # fmt: skip
    async def withdraw_procedure(seen: Seen, effect_id: EffectId, response: Response) -> ProcedureShown:
        return await shown(do, await do.withdraw(seen, effect_id), response)

    @router.delete(
        "/{procedure}", operation_id="deleteDraft", summary="Delete a draft", status_code=204,
        responses=problems(401, 403, 404, 409, 412, 422),
    )  # fmt: skip
    async def delete_draft(seen: SeenOrCurrent) -> None:
        await do.delete(seen)

    return router
