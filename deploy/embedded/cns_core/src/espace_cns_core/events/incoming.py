"""What the stand-in hears."""

from __future__ import annotations

from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain.submission import Message, Submission
from espace_contracts.events import MessageWritten, ProcedureForwarded, ProcedureWithdrawn
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions

subscriptions: Subscriptions[UseCases] = Subscriptions(group="cns-core")


@subscriptions.to(ProcedureForwarded)
async def take_it_in(event: Received[ProcedureForwarded], do: UseCases) -> None:
    """A person submitted, or submitted again."""
    forwarded = event.data
    await do.receive_submission(
        Submission(
            id=event.derived_id("submission"),
            procedure=forwarded.procedure,
            insured=forwarded.insured,
            kind=forwarded.kind,
            number=forwarded.submission,
            locale=forwarded.locale,
            answers=dict(forwarded.answers),
            attached=tuple(attachment.role for attachment in forwarded.attachments),
            with_login=forwarded.with_login,
        )
    )


@subscriptions.to(MessageWritten)
async def keep_what_was_written(event: Received[MessageWritten], do: UseCases) -> None:
    """A person wrote about a procedure."""
    written = event.data
    await do.receive_message(written.procedure, Message(id=written.message, text=written.text, at=written.written_at, from_fund=False))


@subscriptions.to(ProcedureWithdrawn)
async def decide_no_more(event: Received[ProcedureWithdrawn], do: UseCases) -> None:
    """A person took a procedure back."""
    await do.note_withdrawal(event.data.procedure)
