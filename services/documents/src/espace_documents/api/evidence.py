from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import Channel, DocumentId, DocumentType, Locale, NoticeMeans
from espace_documents.app.list_documents import UnknownPlace
from espace_documents.app.tell_evidence import Traced
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.delivery import Cause
from espace_documents.domain.document import Document, OpenedBy
from espace_documents.domain.evidence import Step, StepKind, evidence_of, latest_of
from espace_documents.domain.reference import reference_of_letter
from espace_documents.domain.wording import REASONS
from espace_kernel.access import CallingService, Insured
from espace_kernel.problems import NotFound, Problem


class StepView(BaseModel):
    """A step of a document, and when it happened. A step that has happened never changes."""

    step: StepKind
    at: datetime
    delivery: int | None = Field(description="which try at delivering it this belongs to, from 1; null: the document as such")
    cause: Cause | None = Field(description="with `channel_decided`: whether it was ordered, or which failure of the try before led to it")
    channel: Channel | None = Field(description="with `channel_decided`")
    rule: ChannelRule | None = Field(description="with `channel_decided`: the rule that applied, by its permanent code")
    explanation: str | None = Field(description="with `channel_decided`: the rule as the person reads it, in their language")
    letter: str | None = Field(description="of a letter: its reference, as printed on its address sheet")
    means: NoticeMeans | None = Field(description="with `noticed` and `notice_bounced`")
    reminder: int | None = Field(description="with `noticed` and `notice_bounced`: 0 for the first notice, n for the nth reminder")
    opened_by: OpenedBy | None = Field(description="with `first_opened`: whose act that was")
    reason: str | None = Field(description="with `letter_failed`, `letter_called_off` and `returned`: why, by its code")

    @classmethod
    def of(cls, step: Step, locale: Locale) -> Self:
        """A step as it is shown."""
        return cls(
            step=step.kind,
            at=step.at,
            delivery=step.delivery,
            cause=step.cause,
            channel=step.rule.channel if step.rule else None,
            rule=step.rule,
            explanation=REASONS[step.rule][locale] if step.rule else None,
            letter=reference_of_letter(step.letter) if step.letter else None,
            means=step.means,
            reminder=step.reminder,
            opened_by=step.opened_by,
            reason=step.reason,
        )


class DeliveryView(BaseModel):
    """Where a document of a person is now, by whichever channel it went."""

    document: UUID
    type: DocumentType = Field(description="the permanent code of this kind of document")
    reference: str = Field(description="the short name printed on the document, to quote to the fund")
    ordered_at: datetime
    channel: Channel = Field(description="`edelivery`: it lies in the eSpace and can be opened there; `post`: it is on paper alone")
    deliveries: int = Field(description="how often its delivery was tried")
    state: StepKind = Field(description="the step it is at")
    since: datetime = Field(description="since when")
    stuck: bool = Field(description="true while nothing is under way that could still reach the person, and the fund has to act")

    @classmethod
    def of(cls, document: Document) -> Self:
        """Where it is."""
        step = latest_of(document)
        return cls(
            document=document.id,
            type=document.type,
            reference=document.reference,
            ordered_at=document.source.ordered_at,
            channel=document.channel,
            deliveries=len(document.deliveries),
            state=step.kind,
            since=step.at,
            stuck=document.stuck_since is not None,
        )


class EvidenceView(BaseModel):
    """The evidence of the delivery of a document."""

    document: DeliveryView
    steps: list[StepView] = Field(description="in the order in which they happened")

    @classmethod
    def of(cls, document: Document, locale: Locale) -> Self:
        """All that is known."""
        return cls(document=DeliveryView.of(document), steps=[StepView.of(step, locale) for step in evidence_of(document)])


class DeliveryList(BaseModel):
    """What was sent to a person, or a part of it."""

    deliveries: list[DeliveryView] = Field(description="the newest order first")
    next_cursor: str | None = Field(description="goes into `cursor` for those that follow; null when these are the last")

    @classmethod
    def of(cls, traced: Traced) -> Self:
        """A page as it is answered."""
        return cls(
            deliveries=[DeliveryView.of(document) for document in traced.documents],
            next_cursor=str(traced.goes_on_after) if traced.goes_on_after else None,
        )


class Part(BaseModel):
    """Which part of the list."""

    cursor: UUID | None = Field(None, description="the `next_cursor` of the part before")
    limit: int = Field(50, ge=1, le=100, description="at most so many")


class StuckList(BaseModel):
    """Documents that wait for an operator, those first that wait the longest, at most 500."""

    deliveries: list[DeliveryView]


def routes(do: UseCases) -> APIRouter:
    """The evidence of delivery, for the person and for operators."""
    router = APIRouter(tags=["Evidence of delivery"])

    @router.get(
        "/api/v1/deliveries",
        operation_id="listDeliveries",
        summary="List everything that was sent, by eDelivery or by post",
        responses={422: {"description": "Problem unknown-cursor: the cursor is none of this list's"}},
    )
    async def list_deliveries(insured: Insured, part: Annotated[Part, Query()]) -> DeliveryList:
        after = DocumentId(part.cursor) if part.cursor else None
        try:
            return DeliveryList.of(await do.tell_evidence.all_of(insured, after=after, limit=part.limit))
        except UnknownPlace:
            raise Problem(
                422, "unknown-cursor", "The list cannot go on from this cursor. Ask for it without a cursor to begin at the newest."
            ) from None

    @router.get(
        "/api/v1/documents/{document}/evidence",
        operation_id="getEvidence",
        summary="Tell what became of a document, by eDelivery or by post",
        responses={404: {"description": "Problem not-found: no such document of this person's"}},
    )
    async def get_evidence(document: UUID, insured: Insured) -> EvidenceView:
        traced = await do.tell_evidence(DocumentId(document), insured)
        if traced is None:
            raise NotFound("document")
        return EvidenceView.of(traced.documents[0], traced.locale)

    @router.get("/internal/deliveries/stuck", operation_id="listStuckDeliveries", summary="List the documents that wait for an operator")
    async def list_stuck(_service: CallingService) -> StuckList:
        return StuckList(deliveries=[DeliveryView.of(document) for document in await do.stuck_documents()])

    @router.get(
        "/internal/deliveries/{document}",
        operation_id="getDeliveryEvidence",
        summary="Tell what became of a document, whoever receives it",
        responses={404: {"description": "Problem not-found: no such document"}},
    )
    async def get_delivery_evidence(document: UUID, _service: CallingService) -> EvidenceView:
        found = await do.document(DocumentId(document))
        if found is None:
            raise NotFound("document")
        return EvidenceView.of(found, Locale.ENGLISH)

    return router
