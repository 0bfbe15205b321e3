"""Whether notices reach a person, as what was confirmed and what came back say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self


class Notices(StrEnum):
    """What becomes of notices to a person."""

    NO_ADDRESS = "no_address"
    REACHABLE = "reachable"
    BOUNCED = "bounced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """The highest confirmed revision of a person's contact address, and the highest that notices came back from; 0: none yet.

    In whatever order and however often these are told, the same is known in the end.
    """

    confirmed: int = 0
    confirmed_at: datetime | None = None
    bounced: int = 0
    bounced_at: datetime | None = None

    @property
    def notices(self) -> Notices:
        """A later confirmed address makes a bounce void."""
        if self.bounced and self.bounced >= self.confirmed:
            return Notices.BOUNCED
        return Notices.REACHABLE if self.confirmed else Notices.NO_ADDRESS

    @property
    def since(self) -> datetime | None:
        """Since when that is so; None without an address."""
        return self.bounced_at if self.notices is Notices.BOUNCED else self.confirmed_at

    def confirm(self, revision: int, at: datetime) -> Self:
        """The person confirmed this revision."""
        return replace(self, confirmed=revision, confirmed_at=at) if revision > self.confirmed else self

    def bounce(self, revision: int, at: datetime) -> Self:
        """A notice to this revision came back. Of several, the first says since when."""
        if revision > self.bounced or (revision == self.bounced and self.bounced_at is not None and at < self.bounced_at):
            return replace(self, bounced=revision, bounced_at=at)
        return self


UNKNOWN = Contact()
"""Nothing was told yet."""
