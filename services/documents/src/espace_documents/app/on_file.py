from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import RecipientErased, Recipients
from espace_documents.domain.recipient import Recipient
from espace_kernel.outcomes import RetryLater


async def recipient_on_file(insured: InsuredId, recipients: Recipients) -> Recipient:
    """The fund's file on who receives a document. Raises RetryLater while it is unknown, RecipientErased once it was erased."""
    recipient = await recipients.get(insured)
    if recipient is None:
        if await recipients.erased(insured):
            raise RecipientErased
        raise RetryLater("The fund's file on the recipient has not arrived yet. If it never does, have cns-core publish it, then replay.")
    return recipient
