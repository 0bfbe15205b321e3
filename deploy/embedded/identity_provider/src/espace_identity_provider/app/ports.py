"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.person import Person

Clock = Callable[[], datetime]

T = TypeVar("T")


class FundAway(Exception):
    """The fund's core systems do not answer, so nobody knows the persons."""


class Persons(Protocol):
    """The persons whom the fund has on file. Each call may raise FundAway."""

    async def demo(self) -> list[Person]:
        """Those whom the page offers."""

    async def with_matricule(self, matricule: str) -> Person | None:
        """The person with this matricule."""


class Kept(Protocol[T]):
    """Things under secrets that nobody can guess, for as long as they hold."""

    def keep(self, make: Callable[[str], T]) -> str:
        """Keep what is made for a new secret; the secret."""

    def get(self, secret: str) -> T | None:
        """What is kept under the secret."""

    def take(self, secret: str) -> T | None:
        """The same, and it is kept no longer: of two that ask, one gets it."""


class Signer(Protocol):
    """Signs for the providers, each with a key of its own."""

    def sign(self, issuer: Issuer, claims: Mapping[str, Any], kind: str) -> str:
        """A JWT signed with ES256; `kind` is its header `typ`."""

    def read(self, issuer: Issuer, token: str) -> Mapping[str, Any] | None:
        """The claims of a token that this issuer signed, however old; None for any other."""


class BackChannel(Protocol):
    """From a provider to the eSpace, past the browser."""

    async def tell(self, address: str, logout_token: str) -> None:
        """That a session has ended. A client that does not answer is left to find out by itself."""
