from __future__ import annotations

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import PREFERENCES
from espace_contracts.vocabulary import Locale


class EdeliveryChanged(Event, type="lu.cns.espace.preference.edelivery_changed.v1", topic=PREFERENCES, subject="insured"):
    """The person switched eDelivery on or off; it holds from the next decision on a channel."""

    revision: int = Field(ge=1)
    active: bool
    changed_at: AwareDatetime
    locale: Locale
