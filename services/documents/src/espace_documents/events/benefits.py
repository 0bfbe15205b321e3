"""The one document that tells of a benefit, whichever lane it comes by."""

from __future__ import annotations

from espace_contracts.contents import DocumentContent, ReimbursementStatement, StatementLine
from espace_contracts.events import BenefitSettled, ReimbursementSettled
from espace_contracts.vocabulary import DocumentId, Locale
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.order import Order, Source
from espace_kernel.envelope import Received


async def deliver_benefit(event: Received[BenefitSettled], do: UseCases) -> None:
    """In the language of the event."""
    benefit = event.data
    source = Source(event=event.id, ordered_at=event.time, benefit=benefit.benefit, run=benefit.run)
    await do.deliver_document(_order(event, benefit.content, source, benefit.locale))


async def deliver_reimbursement(event: Received[ReimbursementSettled], do: UseCases) -> None:
    """In the language of the recipient's file, since the event says none."""
    settled = event.data
    source = Source(event=event.id, ordered_at=event.time, benefit=settled.reimbursement, run=settled.run)
    statement = _statement(settled)
    await do.deliver_in_their_language(settled.insured, lambda locale: _order(event, statement, source, locale))


def _order(
    event: Received[BenefitSettled] | Received[ReimbursementSettled], content: DocumentContent, source: Source, locale: Locale
) -> Order:
    insured = event.data.insured
    document = DocumentId(event.derived_id("document", content.type, insured))
    return Order(document=document, recipient=insured, content=content, locale=locale, source=source)


def _statement(settled: ReimbursementSettled) -> ReimbursementStatement:
    return ReimbursementStatement(
        reference=settled.reference,
        settled_on=settled.settled_on,
        paid_to_iban_masked=settled.paid_to_iban_masked,
        participation_of_the_year_cents=settled.participation_of_the_year_cents,
        lines=tuple(StatementLine.model_validate(line.model_dump()) for line in settled.lines),
    )
