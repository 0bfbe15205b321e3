from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from espace_contracts.events import DocumentOrder, DocumentOrdered, LetterFailed, LetterPosted, PersonRecorded, ProcedureClosed
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
    await do.deliver_what_was_ordered(_orders(event, event.data.documents))


@subscriptions.to(DocumentOrdered)
async def deliver_the_one_that_was_ordered(event: Received[DocumentOrdered], do: UseCases) -> None:
    """A step of a procedure other than its closing orders one document."""
    await do.deliver_what_was_ordered(_orders(event, [event.data.document]))


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


def _orders(event: Received[ProcedureClosed] | Received[DocumentOrdered], documents: Iterable[DocumentOrder]) -> list[Order]:
    """What the event orders. Each document's id derives from the event, so that no repeat makes a second one.

    Of several of one type for one recipient, such as a parent's certificates for each child, the order in the event tells them apart.
    """
    source = Source(procedure=event.data.procedure, event=event.id, ordered_at=event.time)
    so_far: Counter[object] = Counter()
    orders = []
    for order in documents:
        what = (order.content.type, order.recipient)
        so_far[what] += 1
        number = (so_far[what],) if so_far[what] > 1 else ()
        orders.append(
            Order(
                document=DocumentId(event.derived_id("document", *what, *number)),
                recipient=order.recipient,
                content=order.content,
                locale=event.data.locale,
                source=source,
                without_login=order.by_post,
            )
        )
    return orders
