"""The short name of a document or a letter, for people: on the paper, on the telephone."""

from __future__ import annotations

from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no I, L, O or U, which are misread."""
_MISREAD = str.maketrans("OIL", "011")
_GROUPS, _LENGTH, _BITS = 3, 4, 5


def reference_of(document: UUID) -> str:
    """`D-7F3K-2M9Q-XB4A`: 60 bits of the document's id, so the same for every try, and distinct among tens of millions."""
    return _reference("D", document)


def reference_of_letter(letter: UUID) -> str:
    """`L-7F3K-2M9Q-XB4A`, made of the letter's id in the same way."""
    return _reference("L", letter)


def reference_read(text: str) -> str | None:
    """A document's reference as it is printed, from what somebody wrote down or heard: in small letters, without hyphens, with one of
    the signs that Crockford's alphabet leaves out. None when it is none, such as that of a letter."""
    signs = "".join(text.upper().split()).replace("-", "")
    kind, name = signs[:1], signs[1:].translate(_MISREAD)
    if kind != "D" or len(name) != _GROUPS * _LENGTH or not set(name) <= set(ALPHABET):
        return None
    return _printed(kind, name)


def _reference(kind: str, named: UUID) -> str:
    return _printed(kind, "".join(ALPHABET[named.int >> _BITS * place & 0b11111] for place in range(_GROUPS * _LENGTH)))


def _printed(kind: str, signs: str) -> str:
    return "-".join((kind, *(signs[first : first + _LENGTH] for first in range(0, len(signs), _LENGTH))))
