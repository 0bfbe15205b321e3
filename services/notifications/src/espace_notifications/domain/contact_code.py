"""A code goes to an address or a mobile number that a person gave, to prove that they read what comes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from espace_contracts.vocabulary import NoticeMeans
from espace_notifications.domain.contact import require_address
from espace_notifications.domain.mailing import Mailing, MailingState


@dataclass(kw_only=True)
class ContactCode(Mailing):
    """The message with one challenge's code, tried while the code is valid. Raises NeverWorks for what is no address of its means.

    The code itself is no part of it: it is asked for at each try. The address is not confirmed, so it is forgotten at the end.
    """

    waits: ClassVar[tuple[timedelta, ...]] = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 15, *[30] * 20))

    challenge: UUID
    address: str | None
    """None at the end."""
    expires_at: datetime

    def __post_init__(self) -> None:
        if self.address is not None:
            require_address(self.address, self.means)

    @property
    def called(self) -> str:
        """By its means."""
        return "contact_code" if self.means is NoticeMeans.EMAIL else "mobile_code"

    def expired(self, now: datetime) -> bool:
        """Whether the code is of no more use."""
        return now >= self.expires_at

    def expire(self) -> None:
        """The code is no longer valid: nothing is sent."""
        self.end(MailingState.EXPIRED)

    def end(self, state: MailingState, problem: str | None = None) -> None:
        """Nothing more is to be tried, so the address is forgotten."""
        super().end(state, problem)
        self.address = None
