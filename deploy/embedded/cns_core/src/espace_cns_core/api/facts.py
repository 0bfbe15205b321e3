"""Puts a person's family, leave and reimbursements on file. For demo and tests, on the loopback address: nobody is asked for a token.

The bodies are shaped as the events that tell them.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field, TypeAdapter

from espace_cns_core.api.on_file import on_file
from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain import family, leave, reimbursement
from espace_cns_core.domain.person import Identity
from espace_contracts.events import ChildLeave, FamilyMember, ReimbursementLine


class FamilyToRecord(BaseModel):
    """A person's whole family, in place of the one on file."""

    insured: UUID
    members: list[FamilyMember]


class LeaveToRecord(BaseModel):
    """A person's whole leave for family reasons, in place of the one on file."""

    insured: UUID
    children: list[ChildLeave]


class InvoicesToSettle(BaseModel):
    """Services to reimburse to the account on file, today."""

    insured: UUID
    reimbursement: UUID = Field(default_factory=uuid4, description="its id; made when left out. Settled once under the same id")
    lines: list[ReimbursementLine] = Field(min_length=1)


class OnFile(BaseModel):
    """What is on file from now on has this revision."""

    insured: UUID
    revision: int


class SettledReimbursement(BaseModel):
    """What was settled; amounts in cents."""

    insured: UUID
    reimbursement: UUID
    reference: str
    refunded_cents: int


_CHILDREN = TypeAdapter(tuple[leave.ChildLeave, ...])


def routes(do: UseCases) -> APIRouter:
    """The addresses /internal/family, /internal/leave and /internal/reimbursements."""
    router = APIRouter(prefix="/internal", tags=["facts"])

    @router.post("/family", summary="Put a family on file", operation_id="recordFamily")
    async def record_family(wanted: FamilyToRecord) -> OnFile:
        with on_file():
            revision = await do.record_family(wanted.insured, tuple(map(_member, wanted.members)))
        return OnFile(insured=wanted.insured, revision=revision)

    @router.post("/leave", summary="Put leave for family reasons on file", operation_id="recordLeave")
    async def record_leave(wanted: LeaveToRecord) -> OnFile:
        children = _CHILDREN.validate_python([child.model_dump() for child in wanted.children])
        with on_file():
            revision = await do.record_leave(wanted.insured, children)
        return OnFile(insured=wanted.insured, revision=revision)

    @router.post("/reimbursements", status_code=201, summary="Settle invoices", operation_id="settleReimbursement")
    async def settle(wanted: InvoicesToSettle) -> SettledReimbursement:
        with on_file():
            settled = await do.settle_reimbursement(wanted.reimbursement, wanted.insured, tuple(map(_line, wanted.lines)))
        return SettledReimbursement(
            insured=settled.insured,
            reimbursement=settled.id,
            reference=settled.reference,
            refunded_cents=sum(line.refunded for line in settled.lines),
        )

    return router


def _member(member: FamilyMember) -> family.FamilyMember:
    return family.FamilyMember(
        person=member.person,
        identity=Identity(member.matricule, member.given_name, member.family_name, member.date_of_birth),
        relation=member.relation,
        coinsured_from=member.coinsured_from,
        coinsured_until=member.coinsured_until,
        represented=member.represented,
    )


def _line(line: ReimbursementLine) -> reimbursement.ReimbursementLine:
    return reimbursement.ReimbursementLine(
        patient=line.patient,
        patient_name=line.patient_name,
        supplier=line.supplier,
        service_code=line.service_code,
        service_on=line.service_on,
        invoiced=line.invoiced_cents,
        tariff=line.tariff_cents,
        participation=line.participation_cents,
        refunded=line.refunded_cents,
    )
