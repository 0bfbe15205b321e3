"""The words by which a person finds a document: small letters without accents, so that `Médicaux` and `medicaux` are one word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
"""Letters that Unicode does not take apart."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, each once, in its order. They consist of letters and digits alone."""
    return tuple(dict.fromkeys(_WORD.findall(_folded(text))))


def words_to_find(title: str, reference: str) -> tuple[str, ...]:
    """All by which a document is found: the words of its title, and its reference as it is written by hand, with dashes or without."""
    groups = words_of(reference)
    unbroken = "".join(groups), "".join(groups[1:])  # with the letter in front and without it
    return tuple(dict.fromkeys((*words_of(title), *groups, *unbroken)))


def _folded(text: str) -> str:
    small = unicodedata.normalize("NFKD", text).casefold()
    return "".join(_without_accents(small)).translate(_LIGATURES)


def _without_accents(text: str) -> Iterator[str]:
    return (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
