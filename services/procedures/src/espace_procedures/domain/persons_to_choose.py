"""The persons that a procedure can be for, as the fund's file shows them: oneself and one's co-insured family."""

from __future__ import annotations

from espace_procedures.domain.answers import Choice
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.sentences import _


def coinsured_persons(situation: Situation) -> tuple[Choice, ...]:
    """Those who are insured through the person today."""
    return tuple(Choice(str(relative.person), relative.name) for relative in situation.coinsured)


def yourself_and_coinsured_persons(situation: Situation) -> tuple[Choice, ...]:
    """The person, then those who are insured through them today."""
    person = situation.on_file.person
    yourself = _("%(name)s (yourself)", name=person.name) if person else _("Yourself")
    return (Choice(str(situation.insured), yourself), *coinsured_persons(situation))
