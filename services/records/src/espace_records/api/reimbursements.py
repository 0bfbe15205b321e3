from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_kernel.access import Insured
from espace_kernel.conditional import UNCHANGED, ConditionalRoute
from espace_kernel.problems import NotFound, Problem
from espace_records.app.list_reimbursements import UnknownCursor
from espace_records.app.use_cases import UseCases
from espace_records.domain.reimbursement import Amounts, Reimbursement, ReimbursementLine


class AmountsView(BaseModel):
    """Sums in cents; refunded = tariff - participation."""

    invoiced_cents: int = Field(examples=[6000])
    tariff_cents: int = Field(description="the base of the reimbursement: what exceeds it is never refunded", examples=[5260])
    participation_cents: int = Field(description="the person's statutory share of the tariff", examples=[631])
    refunded_cents: int = Field(examples=[4629])

    @classmethod
    def of(cls, amounts: Amounts) -> AmountsView:
        """In cents as they are."""
        return cls(
            invoiced_cents=amounts.invoiced,
            tariff_cents=amounts.tariff,
            participation_cents=amounts.participation,
            refunded_cents=amounts.refunded,
        )


class LineView(AmountsView):
    """One service, with its amounts in cents."""

    patient: InsuredId
    patient_name: str = Field(examples=["Mia Weber"])
    supplier: str = Field(description="who gave the service")
    service_code: str = Field(description="by the nomenclature", examples=["C1"])
    service_on: date

    @classmethod
    def of_line(cls, line: ReimbursementLine) -> LineView:
        """The line as the fund settled it."""
        return cls(
            patient=line.patient,
            patient_name=line.patient_name,
            supplier=line.supplier,
            service_code=line.service_code,
            service_on=line.service_on,
            **dict(AmountsView.of(line)),
        )


class ReimbursementView(BaseModel):
    """One settlement, in the list."""

    reimbursement: ReimbursementId
    reference: str
    settled_on: date
    paid_to: str = Field(description="the account, masked", examples=["LU12 •••• •••• •••• 7891"])
    total: AmountsView

    @classmethod
    def of(cls, reimbursement: Reimbursement) -> ReimbursementView:
        """What the list shows of it."""
        return cls(
            reimbursement=reimbursement.id,
            reference=reimbursement.reference,
            settled_on=reimbursement.settled_on,
            paid_to=reimbursement.paid_to_iban_masked,
            total=AmountsView.of(reimbursement.total),
        )


class ReimbursementDetail(ReimbursementView):
    """One settlement with its lines; the total is their sum."""

    lines: list[LineView]
    as_of: datetime = Field(description="when the fund told this to the eSpace")

    @classmethod
    def with_lines(cls, reimbursement: Reimbursement) -> ReimbursementDetail:
        """All of it."""
        lines = [LineView.of_line(line) for line in reimbursement.lines]
        return cls(**dict(ReimbursementView.of(reimbursement)), lines=lines, as_of=reimbursement.as_of)


class ReimbursementPage(BaseModel):
    """A page of the list, newest settlement first."""

    reimbursements: list[ReimbursementView]
    next_cursor: ReimbursementId | None = Field(description="send it as cursor to get the next page; null on the last one")
    as_of: datetime | None = Field(description="when the fund last told the eSpace a reimbursement; null when it never did")


def routes(do: UseCases) -> APIRouter:
    """The routes of the reimbursements."""
    router = APIRouter(prefix="/api/v1/me/reimbursements", route_class=ConditionalRoute)

    @router.get(
        "",
        operation_id="listMyReimbursements",
        summary="List what was reimbursed",
        responses=UNCHANGED | {422: {"description": "Problem unknown-cursor: the cursor is none of this list's"}},
    )
    async def page(
        insured: Insured,
        cursor: Annotated[ReimbursementId | None, Query(description="next_cursor of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        year: Annotated[int | None, Query(ge=1900, le=9999, description="only what was settled in this year")] = None,
    ) -> ReimbursementPage:
        try:
            found = await do.list_reimbursements(insured, cursor=cursor, year=year, limit=limit)
        except UnknownCursor:
            raise Problem(
                422, "unknown-cursor", "The list cannot go on from this cursor. Ask for it without a cursor to begin at the newest."
            ) from None
        shown = [ReimbursementView.of(reimbursement) for reimbursement in found.reimbursements]
        return ReimbursementPage(reimbursements=shown, next_cursor=found.following, as_of=found.as_of)

    @router.get(
        "/{reimbursement}",
        operation_id="getMyReimbursement",
        summary="See one reimbursement line by line",
        responses=UNCHANGED | {404: {"description": "The person has no such reimbursement."}},
    )
    async def detail(insured: Insured, reimbursement: ReimbursementId) -> ReimbursementDetail:
        found = await do.show_reimbursement(insured, reimbursement)
        if found is None:
            raise NotFound("reimbursement")
        return ReimbursementDetail.with_lines(found)

    return router
