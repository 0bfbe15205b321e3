"""What keeps machines from sending procedures without login: a puzzle for the device, or a question in plain words for the person.

Either is enough. The puzzle is ALTCHA's proof of work, which asks nothing of the person; the question is for whoever cannot run it.
Both are bound to nobody, serve for one procedure and end soon.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from altcha import v2 as altcha

from espace_kernel.aggregate import Aggregate
from espace_procedures.domain.sentences import Sentence, _

LIFETIME = timedelta(minutes=20)
MAX_WRONG = 5
"""Wrong answers after which a challenge is over: what a person may need, and too few to guess."""

_ALGORITHM = "PBKDF2/SHA-256"
_COST = 5_000
"""Rounds of one try; 256 tries are needed on average, about a second of a telephone."""

_NUMBERS = (
    _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"), _("ten"),
)  # fmt: skip

UNKNOWN = _("This challenge is unknown, or has expired after 20 minutes. Ask for a new one; what you filled in stays valid.")
USED = _("A procedure was sent with this challenge already. Ask for a new one for each procedure.")
UNANSWERED = _("Answer the question of the challenge, or let your device solve its puzzle.")
WRONG = _("This is not the answer to the question. Read it again, and write the number in digits.")
UNSOLVED = _("The solution does not fit the puzzle. Let your device solve it again, or answer the question instead.")


@dataclass(kw_only=True)
class Challenge(Aggregate):
    """One challenge. `secret` signs its puzzle, `answer` is that of its question, `used_by` the procedure it was used for."""

    secret: str
    answer: int
    expires_at: datetime
    wrong: int = 0
    used_by: UUID | None = None

    def error_in(self, answer: str | None, solution: str | None, at: datetime, by: UUID) -> Sentence | None:
        """Why this does not open the way for a procedure; None when it does. Counts a wrong answer or solution."""
        if at >= self.expires_at or self.wrong >= MAX_WRONG:
            return UNKNOWN
        if self.used_by not in (None, by):
            return USED
        error = self._error(answer, solution)
        if error in (WRONG, UNSOLVED):
            self.wrong += 1
        return error

    def _error(self, answer: str | None, solution: str | None) -> Sentence | None:
        if answer is not None and answer.strip():
            return None if answer.strip().rstrip(".") == str(self.answer) else WRONG
        if solution is None or not solution.strip():
            return UNANSWERED
        return None if altcha.verify_solution(solution.strip(), self.secret).verified else UNSOLVED


@dataclass(frozen=True, slots=True)
class Posed:
    """A challenge as it is put: its puzzle in ALTCHA's form, its question in words."""

    challenge: Challenge
    puzzle: dict[str, Any]
    question: Sentence


def pose(challenge_id: UUID, at: datetime, cost: int = _COST) -> Posed:
    """A new challenge. `cost` is how many rounds a try at the puzzle takes."""
    first, second = (secrets.randbelow(len(_NUMBERS)) + 1 for _number in range(2))
    secret = secrets.token_hex(32)
    puzzle = altcha.create_challenge(_ALGORITHM, cost, hmac_secret=secret)
    question = _(
        "How much is %(first)s plus %(second)s? Write the number in digits.", first=_NUMBERS[first - 1], second=_NUMBERS[second - 1]
    )
    return Posed(Challenge(id=challenge_id, secret=secret, answer=first + second, expires_at=at + LIFETIME), puzzle.to_dict(), question)
