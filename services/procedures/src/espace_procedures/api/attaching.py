from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Path, Response, UploadFile

from espace_kernel.clock import utc_now
from espace_kernel.idempotency import EffectId
from espace_procedures.api import present
from espace_procedures.api.conditions import SeenOrCurrent, tag
from espace_procedures.api.models import ProcedureShown
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.app.use_cases import UseCases

Role = Annotated[str, Form(description="what the file is for: a role of the procedure's catalogue entry")]
AttachmentInPath = Annotated[UUID, Path(alias="attachment", description="the id of the attachment")]


def routes(do: UseCases) -> APIRouter:
    """The files of a draft. Each answers with the whole procedure, whose version the next step needs."""
    router = APIRouter(prefix="/api/v1/procedures/{procedure}/attachments", tags=["procedures"], route_class=ProcedureRoute)

    @router.post(
        "", operation_id="attachFile", summary="Attach a file", status_code=201,
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    )  # fmt: skip
    async def attach_file(seen: SeenOrCurrent, role: Role, file: UploadFile, effect_id: EffectId, response: Response) -> ProcedureShown:
        procedure = await do.attach(seen, effect_id, role, await file.read())
        tag(response, procedure)
        return present.whole(procedure, utc_now())

    @router.delete(
        "/{attachment}", operation_id="removeAttachment", summary="Remove a file from a draft or a correction",
        responses=problems(401, 403, 404, 409, 412, 422),
    )  # fmt: skip
    async def remove_attachment(seen: SeenOrCurrent, attachment_id: AttachmentInPath, response: Response) -> ProcedureShown:
        procedure = await do.remove_attachment(seen, attachment_id)
        tag(response, procedure)
        return present.whole(procedure, utc_now())

    return router
