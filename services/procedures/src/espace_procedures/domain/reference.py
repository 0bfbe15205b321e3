from __future__ import annotations

from uuid import UUID

_EASY_TO_READ = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two characters, none of which is taken for another: no 0 and O, no 1 and I."""
REFERENCE = rf"^[A-Z]{{3}}-[{_EASY_TO_READ}]{{4}}-[{_EASY_TO_READ}]{{4}}$"
_BITS_UNTOLD = 88
"""Of an id's 128, those that its reference does not hold."""


def reference_of(code: str, procedure_id: UUID) -> str:
    """What the person and the fund call a procedure by, on paper and on the telephone: `BDC-7K3F-9Q2M`.

    It holds 40 bits of the id: enough to name a procedure among one person's, too few to be a key.
    """
    number = procedure_id.int >> _BITS_UNTOLD
    characters = "".join(_EASY_TO_READ[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{code}-{characters[:4]}-{characters[4:]}"


def ids_with(reference: str) -> tuple[UUID, UUID]:
    """The lowest and the highest of the ids that a reference holds the beginning of, whatever its kind."""
    number = 0
    for character in reference.partition("-")[2].replace("-", ""):
        number = number << 5 | _EASY_TO_READ.index(character)
    return UUID(int=number << _BITS_UNTOLD), UUID(int=(number + 1 << _BITS_UNTOLD) - 1)
