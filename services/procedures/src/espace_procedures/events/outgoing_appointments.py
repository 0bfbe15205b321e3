"""How the service tells what happened to an appointment: as orders of the documents that say so."""

from __future__ import annotations

from uuid import UUID

from espace_contracts.contents import DocumentContent
from espace_contracts.events import DocumentOrder, DocumentOrdered
from espace_contracts.vocabulary import ProcedureId
from espace_procedures.domain.appointment import Appointment, Moved, NotCancelled


def contract_of_appointment(event: Moved | NotCancelled) -> DocumentOrdered:
    """The contract that tells a domain event."""
    match event:
        case Moved(appointment, order):
            return _ordered(appointment, order, appointment.confirmation())
        case NotCancelled(appointment, order, asked_at):
            return _ordered(appointment, order, appointment.not_cancelled(asked_at))


def _ordered(appointment: Appointment, order: UUID, content: DocumentContent) -> DocumentOrdered:
    assert appointment.insured is not None, "without login nobody can move or cancel"
    return DocumentOrdered(
        insured=appointment.insured,
        order=order,
        procedure=ProcedureId(appointment.id),
        document=DocumentOrder(recipient=appointment.insured, content=content),
        locale=appointment.locale,
    )
