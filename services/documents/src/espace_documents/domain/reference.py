"""The short name of a document or a letter, for people: on the paper, on the telephone."""

from __future__ import annotations

from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no I, L, O or U, which are misread."""
_GROUPS, _LENGTH, _BITS = 3, 4, 5


def reference_of(document: UUID) -> str:
    """`D-7F3K-2M9Q-XB4A`: 60 bits of the document's id, so the same for every try, and distinct among tens of millions."""
    return _reference("D", document)


def reference_of_letter(letter: UUID) -> str:
    """`L-7F3K-2M9Q-XB4A`, made of the letter's id in the same way."""
    return _reference("L", letter)


def _reference(kind: str, named: UUID) -> str:
    signs = [ALPHABET[named.int >> _BITS * place & 0b11111] for place in range(_GROUPS * _LENGTH)]
    groups = ("".join(signs[first : first + _LENGTH]) for first in range(0, len(signs), _LENGTH))
    return "-".join((kind, *groups))
