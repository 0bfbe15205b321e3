from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, NoticeMeans
from espace_kernel.outcomes import NeverWorks

_EMAIL = re.compile(r'[^@\s\x00-\x1f\x7f<>()\[\]\\,;:"]+@[^@\s\x00-\x1f\x7f<>()\[\]\\,;:"]+')
_LONGEST = 254  # characters, the longest path SMTP carries
_MOBILE = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164


@dataclass(frozen=True)
class Contact:
    """Where a person reads notices, as identity confirmed it; the highest revision holds. Raises NeverWorks for what is no address."""

    insured: InsuredId
    address: str | None
    """An e-mail address, or a mobile number in E.164; None when the person removed it."""
    revision: int
    means: NoticeMeans = NoticeMeans.EMAIL
    bounced_by: UUID | None = None
    """The notice by which it was found that nobody reads there any more. No other is sent there."""

    def __post_init__(self) -> None:
        if self.address is not None:
            require_address(self.address, self.means)


def require_address(address: str, means: NoticeMeans) -> None:
    """Raises NeverWorks for what is no address of these means."""
    match means:
        case NoticeMeans.EMAIL if len(address) > _LONGEST or not _EMAIL.fullmatch(address):
            raise NeverWorks("The contact address is none that mail can be sent to. Have the person confirm another one.")
        case NoticeMeans.SMS if not _MOBILE.fullmatch(address):
            raise NeverWorks("The mobile number is none that text messages can be sent to. Have the person confirm another one.")
