"""How surely a person is known: the levels of assurance of eIDAS, as OpenID Connect carries them in `acr`."""

from __future__ import annotations

_LEVELS = "http://eidas.europa.eu/LoA/"
LOW, SUBSTANTIAL, HIGH = (f"{_LEVELS}{level}" for level in ("low", "substantial", "high"))
_RANKS = {level: rank for rank, level in enumerate((LOW, SUBSTANTIAL, HIGH), start=1)}


def reaches(acr: object, asked: tuple[str, ...]) -> bool:
    """A level enters when it is as high as the lowest of those that were asked for. Low never enters, whatever was asked for."""
    least = min((_RANKS[level] for level in asked), default=_RANKS[SUBSTANTIAL])
    return isinstance(acr, str) and _RANKS.get(acr, 0) >= max(least, _RANKS[SUBSTANTIAL])


def is_level(acr: str) -> bool:
    """One of the three."""
    return acr in _RANKS
