"""How a person shows that an e-mail address or a mobile number is theirs: a six-digit code, sent there and typed by them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self, TypeVar
from uuid import UUID

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
"""Wrong codes that are borne with before a new code is wanted."""
_DIGITS = 6


class TooManyCodes(Exception):
    """Enough codes were sent for now."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class WrongCode(Exception):
    """Not the code that was sent; `tries_left` of them are left."""

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class NoCodeOpen(Exception):
    """No code is waited for: none was sent, its time is over, or too many wrong ones were typed."""


CodeRefused = WrongCode | NoCodeOpen


class ContactCodes:
    """The six-digit codes: each follows from its challenge by a key of this service's alone (HMAC-SHA-256)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code_for(self, challenge: UUID) -> str:
        """The code of a challenge, with its leading zeros."""
        digest = hmac.digest(self._key, b"contact code\0" + challenge.bytes, hashlib.sha256)
        return f"{int.from_bytes(digest[:16]) % 10**_DIGITS:0{_DIGITS}d}"


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """What waits for its code. The code itself is derived from the challenge and stored nowhere."""

    challenge: UUID
    expires_at: datetime
    tries_left: int = CODE_TRIES

    def is_open(self, at: datetime) -> bool:
        """Whether its code still counts."""
        return at < self.expires_at and self.tries_left > 0


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """Where notices go, since its code was typed. `revision` counts what the person confirmed of its kind, and removed."""

    revision: int
    confirmed_at: datetime
    bounced_at: datetime | None = None
    """When a notice first came back from there."""

    def bounced(self, revision: int, at: datetime) -> Self:
        """As it is when what is sent to this revision comes back: another one, confirmed since, does not change."""
        return replace(self, bounced_at=at) if revision == self.revision and self.bounced_at is None else self


P = TypeVar("P", bound=Challenge)


def answered(pending: P | None, typed: str, codes: ContactCodes, at: datetime) -> tuple[P | CodeRefused, P | None]:
    """What a code that was typed confirms, or why it does not; and what waits for a code from then on."""
    if pending is None or not pending.is_open(at):
        return NoCodeOpen(), pending
    if hmac.compare_digest(typed.encode(), codes.code_for(pending.challenge).encode()):
        return pending, None
    left = pending.tries_left - 1
    return WrongCode(left) if left else NoCodeOpen(), replace(pending, tries_left=left)


def one_more(sent: tuple[datetime, ...], at: datetime, *, most: int, within: timedelta) -> tuple[datetime, ...]:
    """When codes were sent within this time of the one that is sent now, and that one. Raises TooManyCodes when `most` were."""
    recent = tuple(moment for moment in sent if moment > at - within)
    if len(recent) >= most:
        raise TooManyCodes(recent[0] + within - at)
    return (*recent, at)
