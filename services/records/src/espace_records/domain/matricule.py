from __future__ import annotations

_SHOWN = 3
"""Digits of a matricule that are shown: fewer than its five personal ones, since the eight before them are a date of birth."""


def masked(matricule: str) -> str:
    """A matricule as it may be shown: enough to recognise one's own."""
    return "•" * (len(matricule) - _SHOWN) + matricule[-_SHOWN:]
