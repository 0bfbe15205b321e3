"""What the gateway watches: news for open pages, and the end of sessions."""

from __future__ import annotations

from espace_contracts.events import (
    DocumentAvailable,
    DraftExpiring,
    MessageReceived,
    ProcedureClosed,
    ProcedureForwarded,
    ProcedureToBeCorrected,
    ProcedureWithdrawn,
    SessionsEnded,
)
from espace_contracts.vocabulary import ProcedureStatus
from espace_gateway.app.use_cases import UseCases
from espace_gateway.domain.news import DocumentArrived, DraftExpires, MessageArrived, StatusMoved
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions

subscriptions: Subscriptions[UseCases] = Subscriptions(group="gateway")


@subscriptions.to(SessionsEnded)
async def end_sessions(event: Received[SessionsEnded], do: UseCases) -> None:
    """Somebody logged out, here or elsewhere."""
    do.end_sessions(event.data.insured, event.data.sessions)


@subscriptions.to(ProcedureForwarded)
async def tell_of_the_forwarding(event: Received[ProcedureForwarded], do: UseCases) -> None:
    """The person submitted, perhaps on another device. What was filed without login is not followed in the eSpace."""
    if event.data.with_login:
        _tell_status(event, ProcedureStatus.FORWARDED, do)


@subscriptions.to(ProcedureToBeCorrected)
async def tell_of_the_correction(event: Received[ProcedureToBeCorrected], do: UseCases) -> None:
    """The procedure is back with the person."""
    _tell_status(event, ProcedureStatus.TO_BE_CORRECTED, do)


@subscriptions.to(ProcedureClosed)
async def tell_of_the_closing(event: Received[ProcedureClosed], do: UseCases) -> None:
    """The fund has decided. What was filed without login is answered by post alone, and not followed in the eSpace."""
    if not any(order.by_post for order in event.data.documents):
        _tell_status(event, ProcedureStatus.CLOSED, do)


@subscriptions.to(ProcedureWithdrawn)
async def tell_of_the_withdrawal(event: Received[ProcedureWithdrawn], do: UseCases) -> None:
    """The person took it back, perhaps on another device."""
    _tell_status(event, ProcedureStatus.CLOSED, do)


@subscriptions.to(MessageReceived)
async def tell_of_the_message(event: Received[MessageReceived], do: UseCases) -> None:
    """The fund wrote."""
    do.live.tell(event.data.insured, MessageArrived(at=event.time, procedure=event.data.procedure, message=event.data.message))


@subscriptions.to(DocumentAvailable)
async def tell_of_the_document(event: Received[DocumentAvailable], do: UseCases) -> None:
    """A document came by eDelivery."""
    news = DocumentArrived(at=event.time, document=event.data.document, document_type=event.data.document_type)
    do.live.tell(event.data.insured, news)


@subscriptions.to(DraftExpiring)
async def tell_of_the_draft(event: Received[DraftExpiring], do: UseCases) -> None:
    """Nobody works on a draft."""
    do.live.tell(event.data.insured, DraftExpires(at=event.time, procedure=event.data.procedure, expires_on=event.data.expires_on))


def _tell_status(
    event: Received[ProcedureForwarded] | Received[ProcedureToBeCorrected] | Received[ProcedureClosed] | Received[ProcedureWithdrawn],
    status: ProcedureStatus,
    do: UseCases,
) -> None:
    do.live.tell(event.data.insured, StatusMoved(at=event.time, procedure=event.data.procedure, status=status))
