from __future__ import annotations

from espace_contracts.events import LetterFailed, LetterPosted, PersonRecorded, ProcedureClosed
from espace_contracts.vocabulary import DocumentId
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.document import Order, Source
from espace_documents.domain.recipient import Recipient
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions

subscriptions: Subscriptions[UseCases] = Subscriptions(group="documents")


@subscriptions.to(PersonRecorded)
async def keep_the_recipient(event: Received[PersonRecorded], do: UseCases) -> None:
    """Whom a document is addressed to is what the fund's file says."""
    await do.keep_recipient(_recipient(event.data))


@subscriptions.to(ProcedureClosed)
async def deliver_what_it_leads_to(event: Received[ProcedureClosed], do: UseCases) -> None:
    """The closing of a procedure orders its documents."""
    await do.deliver_what_was_ordered(_orders(event))


@subscriptions.to(LetterPosted)
async def note_the_posting(event: Received[LetterPosted], do: UseCases) -> None:
    """The letter is on its way."""
    await do.note_posting(event.data.letter, event.data.posted_at)


@subscriptions.to(LetterFailed)
async def note_the_failure(event: Received[LetterFailed], do: UseCases) -> None:
    """The letter waits for an operator."""
    await do.note_letter_failure(event.data.letter, event.data.reason.value, event.time)


def _recipient(person: PersonRecorded) -> Recipient:
    return Recipient(
        id=person.insured,
        revision=person.revision,
        name=f"{person.given_name} {person.family_name}",
        address=person.address,
        locale=person.locale,
        deceased=person.deceased,
    )


def _orders(event: Received[ProcedureClosed]) -> list[Order]:
    """What the closing orders. Each document's id derives from the event, so that no repeat makes a second one."""
    source = Source(procedure=event.data.procedure, event=event.id, closed_at=event.time)
    return [
        Order(
            document=DocumentId(event.derived_id("document", order.content.type, order.recipient)),
            recipient=order.recipient,
            content=order.content,
            locale=event.data.locale,
            source=source,
        )
        for order in event.data.documents
    ]
