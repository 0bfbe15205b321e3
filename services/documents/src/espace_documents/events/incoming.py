from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from espace_contracts.events import (
    BenefitSettled,
    ContactConfirmed,
    DocumentOrder,
    DocumentOrdered,
    LetterCalledOff,
    LetterDispatched,
    LetterFailed,
    LetterPosted,
    LetterReturned,
    NoticeBounced,
    NoticeSent,
    PersonRecorded,
    ProcedureClosed,
    ReimbursementSettled,
)
from espace_contracts.vocabulary import DocumentId, NoticeMeans
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.delivery import Bounce, Notice
from espace_documents.domain.order import Order, Source
from espace_documents.domain.recipient import Recipient
from espace_documents.events.benefits import deliver_benefit, deliver_reimbursement
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


@subscriptions.to(BenefitSettled)
async def deliver_what_tells_of_the_benefit(event: Received[BenefitSettled], do: UseCases) -> None:
    """A benefit is told by one document. Those of a run are for the other lane: see run_lane.py."""
    if event.data.run is None:
        await deliver_benefit(event, do)


@subscriptions.to(ReimbursementSettled)
async def deliver_the_statement(event: Received[ReimbursementSettled], do: UseCases) -> None:
    """A reimbursement is told by its statement. Those of a run are for the other lane: see run_lane.py."""
    if event.data.run is None:
        await deliver_reimbursement(event, do)


@subscriptions.to(LetterPosted)
async def note_the_posting(event: Received[LetterPosted], do: UseCases) -> None:
    """The letter is at the printer's."""
    await do.note_posting(event.data.letter, event.data.posted_at)


@subscriptions.to(LetterFailed)
async def note_the_failure(event: Received[LetterFailed], do: UseCases) -> None:
    """The letter waits for an operator."""
    await do.note_letter_failure(event.data.letter, event.data.reason.value, event.time)


@subscriptions.to(LetterCalledOff)
async def note_the_call_off(event: Received[LetterCalledOff], do: UseCases) -> None:
    """The letter stayed in the house."""
    await do.note_call_off(event.data.letter, event.data.reason.value, event.data.called_off_at)


@subscriptions.to(LetterDispatched)
async def note_the_dispatch(event: Received[LetterDispatched], do: UseCases) -> None:
    """The letter is with the post."""
    await do.note_dispatch(event.data.letter, event.data.dispatched_at)


@subscriptions.to(LetterReturned)
async def note_the_return(event: Received[LetterReturned], do: UseCases) -> None:
    """The letter did not arrive: the document is delivered again, if there is a way."""
    await do.note_return(event.data.letter, event.data.reason.value, event.data.returned_at)


@subscriptions.to(NoticeSent)
async def note_the_notice(event: Received[NoticeSent], do: UseCases) -> None:
    """The person was told that the document waits."""
    sent = event.data
    notice = Notice(id=sent.notice, means=sent.means, reminder=sent.reminder, sent_at=sent.sent_at)
    await do.note_notice(sent.document, lambda document: document.note_notice(notice))


@subscriptions.to(NoticeBounced)
async def note_the_bounce(event: Received[NoticeBounced], do: UseCases) -> None:
    """Nobody reads what goes to the e-mail address. A telephone that takes no messages changes no channel: it is beside the address.

    Either is a step of the document that the notice was about.
    """
    bounced = event.data
    if bounced.means is NoticeMeans.EMAIL:
        await do.note_contact(bounced.insured, lambda contact: contact.bounce(bounced.contact_revision, bounced.bounced_at))
    if bounced.document is not None:
        bounce = Bounce(notice=bounced.notice, means=bounced.means, reminder=bounced.reminder, bounced_at=bounced.bounced_at)
        await do.note_notice(bounced.document, lambda document: document.note_bounce(bounce))


@subscriptions.to(ContactConfirmed)
async def note_the_contact(event: Received[ContactConfirmed], do: UseCases) -> None:
    """The address itself is no business of the documents: notices are for notifications."""
    await do.note_contact(event.data.insured, lambda contact: contact.confirm(event.data.revision, event.time))


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
