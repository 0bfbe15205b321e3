from __future__ import annotations

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import ACCOUNTS
from espace_contracts.vocabulary import Locale


class MobileConfirmed(Event, type="lu.cns.espace.account.mobile_confirmed.v1", topic=ACCOUNTS, subject="insured"):
    """Which mobile number is told of notices beside the e-mail address; null: none any more. The highest revision holds."""

    revision: int = Field(ge=1, description="counts the confirmed and removed numbers of this person")
    mobile: str | None = Field(description="E.164", pattern=r"^\+[1-9][0-9]{6,14}$")
    locale: Locale
