from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.topics import ACCOUNTS
from espace_contracts.vocabulary import Locale


class ContactConfirmed(Event, type="lu.cns.espace.account.contact_confirmed.v1", topic=ACCOUNTS, subject="insured"):
    """The person confirmed this address for notices; it replaces any earlier one."""

    revision: int
    email: str
    locale: Locale
