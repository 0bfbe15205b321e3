"""The three ways to prove who one is, as the eSpace offers them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The levels of assurance of eIDAS, weakest first; the value travels as `acr`."""

    LOW = "http://eidas.europa.eu/LoA/low"
    SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
    HIGH = "http://eidas.europa.eu/LoA/high"

    @property
    def rank(self) -> int:
        """Higher is surer."""
        return list(Level).index(self)

    def suffices(self, asked: Iterable[str]) -> bool:
        """Whether this is at least one of the levels asked for. Where no level is asked for, any will do."""
        ranks = [level.rank for level in Level if level in set(asked)]
        return not ranks or self.rank >= min(ranks)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One of them. `amr` are the methods by RFC 8176 that it is said to use."""

    id: str
    name: str
    level: Level
    amr: tuple[str, ...]
    knows_the_matricule: bool = True


PROVIDERS = (
    Provider(id="luxtrust", name="LuxTrust", level=Level.SUBSTANTIAL, amr=("mfa", "swk")),
    Provider(id="eid", name="eID", level=Level.HIGH, amr=("mfa", "sc", "pin")),
    Provider(id="eidas", name="eIDAS", level=Level.SUBSTANTIAL, amr=("mfa",), knows_the_matricule=False),
)
