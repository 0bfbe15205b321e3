from __future__ import annotations

import re
from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import NeverWorks

_ADDRESS = re.compile(r'[^@\s\x00-\x1f\x7f<>()\[\]\\,;:"]+@[^@\s\x00-\x1f\x7f<>()\[\]\\,;:"]+')
_LONGEST = 254  # characters, the longest path SMTP carries


@dataclass(frozen=True)
class Contact:
    """Where a person reads notices, as identity confirmed it; the highest revision holds. Raises NeverWorks for what is no address."""

    insured: InsuredId
    email: str
    revision: int

    def __post_init__(self) -> None:
        require_address(self.email)


def require_address(email: str) -> None:
    """Raises NeverWorks for what is no address."""
    if len(email) > _LONGEST or not _ADDRESS.fullmatch(email):
        raise NeverWorks("The contact address is none that mail can be sent to. Have the person confirm another one.")
