"""Writes to a person by command. For demo and tests, on the loopback address: nobody is asked for a token."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from espace_cns_core.api.held import held
from espace_cns_core.app.use_cases import UseCases


class ToWrite(BaseModel):
    """What the fund writes about a procedure."""

    procedure: UUID
    text: str = Field(min_length=1, max_length=4000, description="what the person reads, in the language of their submission")


class Written(BaseModel):
    """The message as it was sent."""

    procedure: UUID
    message: UUID
    sent_at: AwareDatetime


def routes(do: UseCases) -> APIRouter:
    """The address /internal/messages."""
    router = APIRouter(prefix="/internal/messages", tags=["messages"])

    @router.post("", status_code=201, summary="Write to a person about a procedure", operation_id="writeMessage")
    async def write(wanted: ToWrite) -> Written:
        with held():
            message = await do.write_message(wanted.procedure, uuid4(), wanted.text)
        return Written(procedure=wanted.procedure, message=message.id, sent_at=message.at)

    return router
