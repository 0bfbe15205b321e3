from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import ACCOUNTS
from espace_contracts.vocabulary import Locale


class MobileCodeRequested(Event, type="lu.cns.espace.account.mobile_code_requested.v1", topic=ACCOUNTS, subject="challenge"):
    """The person gave this mobile number and is to be sent a code there. The code does not travel, as that of an address does not."""

    challenge: UUID
    mobile: str = Field(description="E.164", pattern=r"^\+[1-9][0-9]{6,14}$")
    expires_at: AwareDatetime
    locale: Locale
