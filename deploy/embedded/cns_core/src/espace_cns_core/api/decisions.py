"""Decides by command. For demo and tests, on the loopback address: nobody is asked for a token."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_cns_core.api.held import held
from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain.verdict import Action, Verdict
from espace_kernel.problems import Problem


class Command(BaseModel):
    """What to do with the last submission of a procedure."""

    procedure: UUID
    action: Action
    reason: str | None = Field(None, min_length=1, max_length=2000, description="what the person reads; wanted unless approved")


class Decision(BaseModel):
    """What was decided, and on which submission of the procedure."""

    procedure: UUID
    submission: int
    action: Action


def routes(do: UseCases) -> APIRouter:
    """The address /internal/decisions."""
    router = APIRouter(prefix="/internal/decisions", tags=["decisions"])

    @router.post("", status_code=201, summary="Decide on a procedure", operation_id="decideProcedure")
    async def decide(command: Command) -> Decision:
        if command.action is not Action.APPROVE and command.reason is None:
            raise Problem(422, "reason-missing", "A refusal and a correction want a reason, which the person reads. Send it as reason.")
        reason = None if command.action is Action.APPROVE else command.reason
        with held():
            submission = await do.decide_procedure(command.procedure, Verdict(command.action, reason))
        return Decision(procedure=command.procedure, submission=submission.number, action=command.action)

    return router
