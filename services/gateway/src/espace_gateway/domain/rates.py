"""How often somebody may come. Every number is here, with its reason."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from enum import Enum, auto

from espace_gateway.domain.operation import Operation

CAPACITY = 20_000
"""How many callers are remembered, about 4 MB. Beyond it whoever came longest ago is forgotten and begins anew."""
_ROUNDING = 1e-6


class Per(Enum):
    """Who is counted."""

    ADDRESS = auto()
    PERSON = auto()


class Rate(Enum):
    """At most `count` requests at once, and no more than that in `seconds` on average; to which operations it applies, and why this number.

    A page of the eSpace asks for five to ten things at once. Each replica of the gateway counts for itself, so that n replicas let pass up
    to n times as much: that still stops who guesses or floods, and needs nothing that all replicas would have to wait for.
    """

    ADDRESS = Per.ADDRESS, 1_200, 60, (), "offices, homes and mobile networks hide many persons behind one address: 40 at a page every 15 s"
    PERSON = Per.PERSON, 300, 60, (), "nobody reads a page every 2 s for long; a script on a stolen session is slowed down"
    LOGIN = (
        Per.ADDRESS, 40, 60,
        ("GET /api/v1/login/{provider}", "GET /api/v1/login/callback/{provider}", "POST /api/v1/login/links"),
        "a login takes two of them: twenty persons of one office within a minute, and no more tries for who guesses",
    )  # fmt: skip
    CONTACT_CODE = (
        Per.PERSON, 10, 900,
        ("PUT /api/v1/account/contact", "POST /api/v1/account/contact/confirmation"),
        "a code has a million values and each wish sends an e-mail: enough for some typing errors, useless for guessing or annoying",
    )  # fmt: skip
    MOBILE_CODE = (
        Per.PERSON, 10, 3_600,
        ("PUT /api/v1/account/mobile", "POST /api/v1/account/mobile/confirmation"),
        "each code costs a text message, of which identity sends three a day; errors here do not keep a person from giving an address",
    )  # fmt: skip
    MANDATE = (
        Per.PERSON, 10, 3_600,
        ("POST /api/v1/mandates",),
        "the answer tells whether somebody is insured: enough for a family and its typing errors, useless for trying numbers",
    )  # fmt: skip
    CHALLENGE = Per.ADDRESS, 30, 600, ("POST /api/v1/challenges",), "a person needs one a procedure, and some more when it was misread"
    DIRECT_PROCEDURE = (
        Per.ADDRESS, 20, 3_600,
        ("POST /api/v1/direct-procedures/{kind}",),
        "without login anybody can file in anybody's name, which costs the fund work: a helper at a counter files ten, each tried twice",
    )  # fmt: skip

    VERIFICATION = (
        Per.ADDRESS, 60, 60,
        ("GET /api/v1/verifications/{code}",),
        "a counter clerk or a complementary insurer checks a pile of documents; a code cannot be guessed, so this only spares the service",
    )  # fmt: skip

    def __init__(self, per: Per, count: int, seconds: int, operations: tuple[str, ...], because: str) -> None:
        self.per, self.count, self.seconds, self.operations, self.because = per, count, seconds, operations, because

    def applies_to(self, operation: Operation) -> bool:
        """Whether requests of this operation count."""
        return not self.operations or f"{operation.method} {operation.template}" in self.operations


def rates_for(operation: Operation, per: Per) -> Iterator[Rate]:
    """The rates that a request must keep, the stricter ones first."""
    return (rate for rate in sorted(Rate, key=lambda rate: rate.count) if rate.per is per and rate.applies_to(operation))


class Allowances:
    """What each caller has left: spent at once, refilled evenly (a generic cell rate algorithm, GCRA). One number a caller and rate."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._full_at: OrderedDict[tuple[Rate, str], float] = OrderedDict()  # whoever spent last is last
        self._capacity = capacity

    def take(self, rate: Rate, caller: str, now: float) -> float:
        """Spend one at the moment `now`, in seconds of a clock that never goes back. Returns 0, or how long to wait if nothing is left."""
        spacing = rate.seconds / rate.count
        full_at = max(now, self._full_at.get((rate, caller), now)) + spacing
        wait = full_at - now - rate.seconds
        if wait > _ROUNDING:
            return wait
        self._full_at[rate, caller] = full_at
        self._full_at.move_to_end((rate, caller))
        if len(self._full_at) > self._capacity:
            self._full_at.popitem(last=False)
        return 0.0
