from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.list_mandates import MandateSeen, ParentalAuthority
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.mandate import MandateRefused, MandateState, MandateStep, NoMandate, Scope, Terms, parental_id
from espace_kernel.access import FreshInsured, Insured
from espace_kernel.idempotency import EffectId, IdempotentRoute
from espace_kernel.problems import NotFound, Problem

MandateInPath = Annotated[UUID, Path(alias="mandate", description="the id of the mandate")]


class MandateWish(BaseModel):
    """Whom a person lets act for them, where, and how long."""

    holder_matricule: str = Field(
        max_length=40, description="the 13 digits on the holder's social security card", examples=["1990093012358"]
    )
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope), description="the parts of the eSpace that are opened")
    until: date | None = Field(None, description="its last day; null for a mandate without an end")


class MoveView(BaseModel):
    """A step in the life of a mandate."""

    step: MandateStep
    by_me: bool = Field(description="whether the person who reads this took it")
    at: datetime


class MandateView(BaseModel):
    """A mandate as one of its sides sees it."""

    mandate: UUID = Field(description="its id")
    state: MandateState
    other: str | None = Field(description="the name of the other side; a holder who has not accepted yet is not named")
    insured: UUID | None = Field(description="for the holder, while it is in force: for whom to act, by the header Espace-On-Behalf-Of")
    scopes: list[Scope]
    until: date | None
    moves: list[MoveView] = Field(description="who did what when, the oldest first")


class ParentalView(BaseModel):
    """A child for whom the person acts as a parent, in the whole eSpace, until its eighteenth birthday."""

    mandate: UUID = Field(description="its id, to renounce it")
    insured: UUID = Field(description="for whom to act, by the header Espace-On-Behalf-Of")
    name: str
    comes_of_age: date = Field(description="from this day on the child acts alone")
    renounced: bool = Field(description="the parent does not act for the child any more")


class MandatesView(BaseModel):
    """Who acts for the person, and for whom the person acts."""

    given: list[MandateView]
    held: list[MandateView]
    parental: list[ParentalView]
    represented_by: list[str] = Field(description="the parents who act for the person, by name")


def routes(do: UseCases) -> APIRouter:
    """The routes of the mandates, but for the giving of one."""
    router = APIRouter(prefix="/api/v1/mandates")

    @router.get("", operation_id="listMandates", summary="See who acts for whom")
    async def list_all(insured: Insured) -> MandatesView:
        seen = await do.list_mandates(insured)
        return MandatesView(
            given=[_view(each, insured) for each in seen.given],
            held=[_view(each, insured) for each in seen.held],
            parental=[_parental(each, insured) for each in seen.parental],
            represented_by=seen.represented_by,
        )

    @router.post(
        "/{mandate}/acceptance",
        operation_id="acceptMandate",
        summary="Agree to act for another person",
        description="Accepting once more changes nothing.",
        responses={404: {"description": "There is no such mandate for the person to accept."}},
    )
    async def accept(mandate_id: MandateInPath, insured: Insured) -> MandateView:
        try:
            mandate = await do.accept_mandate(insured, mandate_id)
        except NoMandate:
            raise NotFound("mandate") from None
        return _view(await do.list_mandates.seen(mandate, insured), insured)

    @router.delete(
        "/{mandate}",
        status_code=204,
        operation_id="endMandate",
        summary="End a mandate, or renounce acting for a child",
        description="Wants a fresh login. Either side may. It opens nothing from that moment on.",
        responses={404: {"description": "The person has no such mandate."}},
    )
    async def end(mandate_id: MandateInPath, insured: FreshInsured) -> None:
        try:
            await do.end_mandate(insured, mandate_id)
        except NoMandate:
            raise NotFound("mandate") from None

    return router


def giving(do: UseCases) -> APIRouter:
    """The route that makes a mandate, once for each Idempotency-Key."""
    router = APIRouter(prefix="/api/v1/mandates", route_class=IdempotentRoute)

    @router.post(
        "",
        status_code=201,
        operation_id="giveMandate",
        summary="Let another person act for you",
        description="Wants a fresh login. It opens nothing before the other person accepts it.",
        responses={422: {"description": "The mandate cannot be given like this."}},
    )
    async def give(wish: MandateWish, insured: FreshInsured, _key: EffectId) -> MandateView:
        terms = Terms(tuple(sorted(set(wish.scopes))), wish.until)
        try:
            mandate = await do.give_mandate(insured, wish.holder_matricule, terms)
        except MandateRefused as error:
            raise Problem(422, "mandate-refused", str(error)) from None
        return _view(await do.list_mandates.seen(mandate, insured), insured)

    return router


def _view(seen: MandateSeen, reader: InsuredId) -> MandateView:
    mandate = seen.mandate
    acts = reader == mandate.holder and seen.state is MandateState.IN_FORCE
    return MandateView(
        mandate=mandate.id,
        state=seen.state,
        other=seen.other,
        insured=mandate.giver if acts else None,
        scopes=list(mandate.terms.scopes),
        until=mandate.terms.until,
        moves=[MoveView(step=move.step, by_me=move.by == reader, at=move.at) for move in mandate.moves],
    )


def _parental(seen: ParentalAuthority, parent: InsuredId) -> ParentalView:
    child = seen.child
    return ParentalView(
        mandate=parental_id(parent, child.insured), insured=child.insured, name=child.name, comes_of_age=seen.comes_of_age,
        renounced=seen.renounced,
    )  # fmt: skip
