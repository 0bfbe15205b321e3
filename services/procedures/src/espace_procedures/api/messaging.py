from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from espace_kernel.idempotency import EffectId
from espace_procedures.api import present
from espace_procedures.api.conditions import SeenOrCurrent
from espace_procedures.api.models import MessageRequest, MessagesShown
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.app.use_cases import UseCases

MessageInPath = Annotated[UUID, Path(alias="message", description="the id of the message")]


def routes(do: UseCases) -> APIRouter:
    """What a person and the CNS write to each other about a procedure. A message leaves the procedure and its version as they are."""
    router = APIRouter(prefix="/api/v1/procedures/{procedure}/messages", tags=["procedures"], route_class=ProcedureRoute)

    @router.get("", operation_id="listMessages", summary="The messages about a procedure", responses=problems(401, 403, 404, 422))
    async def list_messages(seen: SeenOrCurrent) -> MessagesShown:
        return present.messages(await do.messages(seen))

    @router.post(
        "", operation_id="writeMessage", summary="Write to the CNS about a procedure that it has", status_code=201,
        responses=problems(400, 401, 403, 404, 409, 422),
    )  # fmt: skip
    async def write_message(seen: SeenOrCurrent, body: MessageRequest, effect_id: EffectId) -> MessagesShown:
        return present.messages(await do.write(seen, effect_id, body.text))

    @router.put(
        "/{message}/read", operation_id="markMessageRead", summary="Mark a message, and those before it, as read", status_code=204,
        responses=problems(401, 403, 404, 422),
    )  # fmt: skip
    async def mark_message_read(seen: SeenOrCurrent, message_id: MessageInPath) -> None:
        await do.messages.up_to(seen, message_id)

    return router
