"""Settles benefits, one or a run of many. For demo and tests, on the loopback address: nobody is asked for a token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, Field, model_validator

from espace_cns_core.api.on_file import on_file
from espace_cns_core.app.issue_run import WantedRun
from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain.sample_benefits import BENEFIT_KINDS
from espace_contracts.contents import BenefitContent
from espace_contracts.vocabulary import DocumentType


def _of_a_benefit(kind: DocumentType) -> DocumentType:
    if kind not in BENEFIT_KINDS:
        raise ValueError(f"no benefit leads to this document; say one of {', '.join(BENEFIT_KINDS)}")
    return kind


Kind = Annotated[DocumentType, AfterValidator(_of_a_benefit)]


class BenefitToIssue(BaseModel):
    """A benefit of a person on file: its content, or the kind of document that a sample is made for."""

    insured: UUID
    benefit: UUID = Field(default_factory=uuid4, description="its id; made when left out. Told once under the same id")
    kind: Kind | None = None
    content: BenefitContent | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.kind is None) == (self.content is None):
            raise ValueError("say either the kind or the content")
        return self

    @property
    def what(self) -> BenefitContent | DocumentType:
        """The content, else the kind."""
        what = self.content or self.kind
        assert what is not None
        return what

    @property
    def type(self) -> DocumentType:
        """The document it leads to."""
        what = self.what
        return what if isinstance(what, DocumentType) else what.type


class IssuedBenefit(BaseModel):
    """What was settled, and the document it leads to."""

    insured: UUID
    benefit: UUID
    type: DocumentType


class RunToIssue(BaseModel):
    """One sample benefit for each of the synthetic persons number `offset` and those after it, who are put on file if they are not."""

    run: UUID = Field(default_factory=uuid4, description="its id; made when left out. Under the same id it goes on where it stopped")
    kind: Kind = DocumentType.REIMBURSEMENT_STATEMENT
    count: int = Field(ge=1, le=50_000)
    offset: int = Field(0, ge=0, le=9_950_000)


class RunProgress(BaseModel):
    """One line of the answer: how many of the run are told by now."""

    run: UUID
    told: int
    count: int


def routes(do: UseCases) -> APIRouter:
    """The addresses /internal/benefits and /internal/runs."""
    router = APIRouter(prefix="/internal", tags=["benefits"])

    @router.post("/benefits", status_code=201, summary="Settle one benefit", operation_id="issueBenefit")
    async def issue(wanted: BenefitToIssue) -> IssuedBenefit:
        with on_file():
            await do.issue_benefit(wanted.benefit, wanted.insured, wanted.what)
        return IssuedBenefit(insured=wanted.insured, benefit=wanted.benefit, type=wanted.type)

    @router.post(
        "/runs", summary="Settle a run; one line of JSON tells each step", operation_id="issueRun", response_class=StreamingResponse
    )
    async def issue_run(wanted: RunToIssue) -> StreamingResponse:
        run = WantedRun(id=wanted.run, kind=wanted.kind, count=wanted.count, offset=wanted.offset)

        async def lines() -> AsyncIterator[str]:
            async for told in do.issue_run(run):
                yield RunProgress(run=run.id, told=told, count=run.count).model_dump_json() + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    return router
