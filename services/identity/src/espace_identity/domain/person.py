from __future__ import annotations

from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId, Locale


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What identity keeps of the fund's file on a person: enough to recognise them at login and to speak their language."""

    insured: InsuredId
    revision: int
    matricule: str
    locale: Locale
