from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime

from espace_contracts.event import Event
from espace_contracts.topics import ACCOUNTS
from espace_contracts.vocabulary import Locale


class ContactCodeRequested(Event, type="lu.cns.espace.account.contact_code_requested.v1", topic=ACCOUNTS, subject="challenge"):
    """The person gave this address and is to be sent a code there. The code does not travel: whoever sends it asks identity for it."""

    challenge: UUID
    email: str
    expires_at: AwareDatetime
    locale: Locale
