from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Header, Path, Response, UploadFile

from espace_kernel.access import Insured
from espace_kernel.conditional import at_hand
from espace_kernel.idempotency import EffectId
from espace_kernel.problems import Problem
from espace_procedures.api.conditions import ProcedureInPath, SeenOrCurrent
from espace_procedures.api.models import ProcedureShown
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.api.showing import shown
from espace_procedures.app.ports import Altered
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.attachments import MEDIA_TYPES

Role = Annotated[str, Form(description="what the file is for: a role of the procedure's catalogue entry")]
AttachmentInPath = Annotated[UUID, Path(alias="attachment", description="the id of the attachment")]
_IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="an ETag of this file: answered by 304 when it is the same")]

_ALTERED = Problem(
    500, "attachment-altered", "What is stored is not the file that was attached, so it is not shown. Attach it again, and tell the CNS."
)
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def routes(do: UseCases) -> APIRouter:
    """The files of a draft. Each change answers with the whole procedure, whose version the next step needs."""
    router = APIRouter(prefix="/api/v1/procedures/{procedure}/attachments", tags=["procedures"], route_class=ProcedureRoute)

    @router.post(
        "", operation_id="attachFile", summary="Attach a file", status_code=201,
        description="PDF, JPEG or PNG, by content and not by name. A picture is encoded anew and loses its metadata. A PDF stays as it is, "
        "unless other files are embedded in it: they are left out, and with them any signature, which the change would break. It is "
        "refused when it is protected, active, or a portfolio of files.",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
    )  # fmt: skip
    async def attach_file(seen: SeenOrCurrent, role: Role, file: UploadFile, effect_id: EffectId, response: Response) -> ProcedureShown:
        procedure = await do.attach(seen, effect_id, role, await file.read())
        return await shown(do, procedure, response)

    @router.delete(
        "/{attachment}", operation_id="removeAttachment", summary="Remove a file from a draft or a correction",
        responses=problems(401, 403, 404, 409, 412, 422),
    )  # fmt: skip
    async def remove_attachment(seen: SeenOrCurrent, attachment_id: AttachmentInPath, response: Response) -> ProcedureShown:
        procedure = await do.remove_attachment(seen, attachment_id)
        return await shown(do, procedure, response)

    @router.get(
        "/{attachment}/file", operation_id="downloadAttachment", summary="A file I attached", response_class=Response,
        responses={
            200: {"description": "the file", "content": {media_type: {} for media_type in MEDIA_TYPES}},
            304: {"description": "the same as the one asked about"},
            **problems(401, 403, 404, 422, 500),
        },
    )  # fmt: skip
    async def download_attachment(
        procedure_id: ProcedureInPath, attachment_id: AttachmentInPath, insured: Insured, if_none_match: _IfNoneMatch = None
    ) -> Response:
        try:
            attachment, content = await do.read_attachment(procedure_id, insured, attachment_id)
        except Altered:
            raise _ALTERED from None
        headers = {
            "ETag": f'"{attachment.sha256}"',
            "Content-Disposition": f'attachment; filename="{attachment.role}.{_ENDINGS[attachment.media_type]}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-cache",
        }
        if at_hand(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers={"ETag": headers["ETag"], "Cache-Control": headers["Cache-Control"]})
        return Response(content, media_type=attachment.media_type, headers=headers)

    return router
