"""Who asks, in the matrix of access; and what each kind of operation answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Self


class Caller(Enum):
    """In the order of asking: who is refused comes before who may change something."""

    ANONYMOUS = "nobody logged in"
    REVOKED = "the person's session that was ended"
    LOW = "the person's login at the level low"
    ANOTHER = "another person"
    WITHOUT_SCOPE = "a mandate holder without this scope"
    HOLDER = "a mandate holder"
    PERSON = "the person"


Answers = Mapping[Caller, int | None]


@dataclass(frozen=True)
class Row:
    """An operation: the status that each caller gets, and a request that means the person's own things. None: it cannot be asked so."""

    answers: Answers
    path: Mapping[str, str] = field(default_factory=dict)
    """What a name in the path stands for, where it is not the thing of that name."""
    query: Mapping[str, str] = field(default_factory=dict)
    """What a name in the query stands for: the thing of which name."""
    content: Mapping[str, Any] = field(default_factory=dict)
    """Query, headers, body, as httpx takes them."""
    ends_session: bool = False

    def asking(self, **content: Any) -> Self:
        """The same with this content."""
        return replace(self, content={**self.content, **content})

    def naming(self, **query: str) -> Self:
        """The same about these things, named in the query."""
        return replace(self, query={**self.query, **query})

    def stale(self) -> Self:
        """The same on a version that is long past, so that nothing changes: who may change it is told so, who may not see it is not."""
        return self.asking(headers={"If-Match": '"0"'})

    def about(self, **path: str) -> Self:
        """The same about other things than those of their names."""
        return replace(self, path={**self.path, **path})

    def ending_the_session(self) -> Self:
        """The same; whoever succeeds logs in again."""
        return replace(self, ends_session=True)

    def but(self, **answers: int | None) -> Self:
        """The same with other answers to some callers, by their names in lower case."""
        return replace(self, answers={**self.answers, **{Caller[name.upper()]: status for name, status in answers.items()}})


def open_to_all(status: int) -> Row:
    """Nobody's secret."""
    return Row(dict.fromkeys(Caller, status))


def own(status: int) -> Row:
    """Each person gets their own; what is another's has no address here."""
    return Row({
        Caller.ANONYMOUS: 401, Caller.REVOKED: 401, Caller.LOW: 403, Caller.ANOTHER: status, Caller.WITHOUT_SCOPE: 403,
        Caller.HOLDER: status, Caller.PERSON: status,
    })  # fmt: skip


def one_of_mine(status: int) -> Row:
    """Somebody else's does not exist."""
    return own(status).but(another=404)


def by_myself(status: int) -> Row:
    """As own, and nobody may do it for the person."""
    return own(status).but(holder=403)


def one_by_myself(status: int) -> Row:
    """As one_of_mine, and nobody may do it for the person."""
    return one_of_mine(status).but(holder=403)
