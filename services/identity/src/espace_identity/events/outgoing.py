from __future__ import annotations

from espace_contracts.events import ContactConfirmed
from espace_identity.domain.account import ContactReplaced


def contract_of(event: ContactReplaced) -> ContactConfirmed:
    """How identity tells what it recorded."""
    return ContactConfirmed(insured=event.insured, revision=event.contact.revision, email=event.contact.email, locale=event.locale)
