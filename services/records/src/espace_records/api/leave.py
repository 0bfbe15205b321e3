from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import InsuredId
from espace_kernel.access import Insured
from espace_kernel.conditional import ConditionalRoute
from espace_records.api.on_file import ANSWERS, on_file
from espace_records.app.use_cases import UseCases
from espace_records.domain.leave.age_band import AgeBand
from espace_records.domain.leave.balance import BandBalance, BandState, ChildBalance, Used
from espace_records.domain.leave.child_leave import Absence, LeaveKind, LeaveStatus
from espace_records.domain.leave.entitlement import Rule


class UsedView(BaseModel):
    """Minutes taken."""

    accepted: int = Field(description="minutes that the fund accepted")
    pending: int = Field(description="minutes that were declared and wait for the fund; not yet subtracted anywhere")

    @classmethod
    def of(cls, used: Used) -> UsedView:
        """As it is."""
        return cls(accepted=used.accepted, pending=used.pending)


class BandView(BaseModel):
    """The pool of one age band, in minutes. It is given once, not every year; what is left lapses when the band is over."""

    band: AgeBand
    first_day: date
    last_day: date | None = Field(description="null while the special supplementary allowance carries the last band beyond 18")
    state: BandState
    entitlement: int
    used: UsedView
    remaining: int = Field(description="what is left of the current band's pool; 0 of the others")
    lapsed: int = Field(description="what was left when the band was over")

    @classmethod
    def of(cls, balance: BandBalance) -> BandView:
        """The pool's numbers as they are."""
        return cls(
            band=balance.band,
            first_day=balance.first_day,
            last_day=balance.last_day,
            state=balance.state,
            entitlement=balance.entitlement,
            used=UsedView.of(balance.used),
            remaining=balance.remaining,
            lapsed=balance.lapsed,
        )


class AbsenceView(BaseModel):
    """One declared absence."""

    id: UUID
    first_day: date
    last_day: date
    kind: LeaveKind
    status: LeaveStatus
    minutes_a_day: int | None = Field(description="minutes of each working day; null for whole days")

    @classmethod
    def of(cls, absence: Absence) -> AbsenceView:
        """As the fund has it."""
        return cls(
            id=absence.id,
            first_day=absence.first_day,
            last_day=absence.last_day,
            kind=absence.kind,
            status=absence.status,
            minutes_a_day=absence.minutes_a_day,
        )


class ChildView(BaseModel):
    """The leave for one child, in minutes; divided by `minutes_of_a_day` it is days."""

    child: InsuredId
    given_name: str = Field(examples=["Mia"])
    date_of_birth: date
    minutes_of_a_day: int = Field(description="the person's contractual working day", examples=[480])
    rule: Rule = Field(description="why a day can, or cannot, be taken on this date")
    usable: int = Field(description="what could be taken on this date: 0 when the rule does not allow it")
    bands: list[BandView]
    extension: UsedView = Field(description="extensions for a grave illness, counted apart from the pools")
    isolation: UsedView = Field(description="isolation measures, counted apart from the pools")
    uncovered: UsedView = Field(description="ordinary leave on days that no pool covers, as from 13 on when not in hospital")
    conflicts: list[date] = Field(description="days on which the other parent took leave for the child as well")
    shared_days: list[date] = Field(description="days with leave for another child as well; they count for each child")
    absences: list[AbsenceView] = Field(description="newest first, refused ones too")

    @classmethod
    def of(cls, balance: ChildBalance) -> ChildView:
        """The balance, and the absences it comes from."""
        child = balance.child
        return cls(
            child=child.child,
            given_name=child.given_name,
            date_of_birth=child.date_of_birth,
            minutes_of_a_day=child.minutes_of_a_day,
            rule=balance.rule,
            usable=balance.usable,
            bands=[BandView.of(band) for band in balance.bands],
            extension=UsedView.of(balance.extension),
            isolation=UsedView.of(balance.isolation),
            uncovered=UsedView.of(balance.uncovered),
            conflicts=list(balance.conflicts),
            shared_days=list(balance.shared_days),
            absences=[AbsenceView.of(absence) for absence in sorted(child.absences, key=lambda absence: absence.first_day, reverse=True)],
        )


class LeaveView(BaseModel):
    """Leave for family reasons as it stands on a date, by all that is on file now."""

    on: date
    children: list[ChildView]
    as_of: datetime = Field(description="when the fund told this to the eSpace")


def routes(do: UseCases) -> APIRouter:
    """The route of the leave for family reasons."""
    router = APIRouter(prefix="/api/v1/me", route_class=ConditionalRoute)

    @router.get("/leave-for-family-reasons", operation_id="getMyLeave", summary="See what leave is left for each child", responses=ANSWERS)
    async def leave(
        insured: Insured, on: Annotated[date | None, Query(description="the day asked for; today when left out")] = None
    ) -> LeaveView:
        shown = await on_file(do.show_leave(insured, on))
        return LeaveView(on=shown.on, children=[ChildView.of(child) for child in shown.children], as_of=shown.as_of)

    return router
