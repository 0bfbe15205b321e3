from __future__ import annotations

from uuid import UUID

_EASY_TO_READ = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two characters, none of which is taken for another: no 0 and O, no 1 and I."""


def reference_of(code: str, procedure_id: UUID) -> str:
    """What the person and the fund call a procedure by, on paper and on the telephone: `BDC-7K3F-9Q2M`.

    It holds 40 bits of the id: enough to name a procedure among one person's, too few to be a key.
    """
    number = procedure_id.int >> 88
    characters = "".join(_EASY_TO_READ[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{code}-{characters[:4]}-{characters[4:]}"
