"""Sentences that persons read. The code writes them in English; the catalogues beside it hold the other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from espace_contracts.vocabulary import Locale


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message of a catalogue and the values for its %(name)s, not yet in anybody's language."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class Country(str):
    """A country by its ISO 3166-1 alpha-2 code, as a value of a sentence: written by its name in the reader's language."""

    __slots__ = ()


Label = Sentence | Country | str | Mapping[Locale, str]
"""What a choice is called: in the reader's language, by a name of its own, or as reference data name it in each language."""


def _(message: str, **values: object) -> Sentence:
    """Mark a message for the catalogues, as gettext's tools find it."""
    return Sentence(message, values)
