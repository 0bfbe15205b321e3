"""Before a procedure without login: a puzzle for the device, or a question in plain words."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from altcha import v2 as altcha

from espace_contracts.vocabulary import Locale
from espace_procedures.domain.challenge import LIFETIME, MAX_WRONG, UNANSWERED, UNKNOWN, UNSOLVED, USED, WRONG, Posed, pose
from espace_procedures.domain.language import LANGUAGES

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
COST = 1
"""Rounds that make a puzzle of no moment."""


def posed() -> Posed:
    return pose(uuid4(), NOON, COST)


def solution_of(puzzle: dict, **changed: object) -> str:
    """As ALTCHA's widget sends it."""
    challenge = altcha.Challenge.from_dict(puzzle)
    found = altcha.solve_challenge(challenge)
    assert found is not None
    payload = altcha.Payload(challenge, found).to_dict()
    payload["solution"] |= changed
    return base64.b64encode(json.dumps(payload).encode()).decode()


def error(made: Posed, *, answer: str | None = None, solution: str | None = None, at: datetime = NOON, by=None):
    return made.challenge.error_in(answer, solution, at, by or uuid4())


def test_the_puzzle_alone_opens_the_way():
    made = posed()
    assert error(made, solution=f" {solution_of(made.puzzle)}\n") is None


@pytest.mark.parametrize("form", ["{}", " {} ", "{}."])
def test_the_question_alone_opens_the_way(form):
    made = posed()
    assert error(made, answer=form.format(made.challenge.answer)) is None


def test_the_question_is_asked_in_four_languages_and_tells_no_number_in_digits():
    made = posed()
    said = {LANGUAGES[locale].say(made.question) for locale in Locale}
    assert len(said) == len(Locale)
    assert not any(character.isdecimal() for sentence in said for character in sentence)


def test_numbers_are_asked_for_as_their_words_say():
    numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    for _ in range(50):
        made = posed()
        words = LANGUAGES[Locale.ENGLISH].say(made.question).removeprefix("How much is ").split("?")[0].split(" plus ")
        assert sum(map(numbers.index, words)) == made.challenge.answer


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, UNANSWERED),
        ({"answer": "  ", "solution": " "}, UNANSWERED),
        ({"answer": "0"}, WRONG),
        ({"answer": "seven"}, WRONG),
        ({"solution": "?"}, UNSOLVED),
        ({"solution": base64.b64encode(b'{"challenge": 1}').decode()}, UNSOLVED),
        ({"solution": base64.b64encode(b"[]").decode()}, UNSOLVED),
    ],
)
def test_what_opens_nothing_is_told_apart(given, expected):
    assert error(posed(), **given) is expected


def test_the_solution_of_another_puzzle_or_a_forged_one_opens_nothing():
    made = posed()
    assert error(made, solution=solution_of(posed().puzzle)) is UNSOLVED
    assert error(made, solution=solution_of(made.puzzle, counter=4_000_000_000, derivedKey="00" * 32)) is UNSOLVED
    assert error(made, solution=solution_of(made.puzzle, counter="many")) is UNSOLVED
    easier = json.loads(json.dumps(made.puzzle))
    easier["parameters"]["keyPrefix"] = ""
    assert error(made, solution=solution_of(easier)) is UNSOLVED


@pytest.mark.parametrize("path", ["solution.counter", "solution.derivedKey", "challenge.signature", "challenge.parameters", "solution"])
@pytest.mark.parametrize("value", [None, "many", -1, 2**70, [], {}, "zz"])
def test_a_solution_of_no_sense_is_refused_and_breaks_nothing(path, value):
    made = posed()
    payload = json.loads(base64.b64decode(solution_of(made.puzzle)))
    *way, last = path.split(".")
    (payload[way[0]] if way else payload)[last] = value
    assert error(made, solution=base64.b64encode(json.dumps(payload).encode()).decode()) is UNSOLVED


def test_a_challenge_ends_after_twenty_minutes():
    made = posed()
    right = str(made.challenge.answer)
    assert timedelta(minutes=20) == LIFETIME
    assert error(made, answer=right, at=NOON + LIFETIME - timedelta(seconds=1)) is None
    assert error(made, answer=right, at=NOON + LIFETIME) is UNKNOWN


def test_guessing_ends_a_challenge():
    made = posed()
    for _ in range(MAX_WRONG):
        assert error(made, answer="99") is WRONG
    assert error(made, answer=str(made.challenge.answer)) is UNKNOWN


def test_forgetting_to_answer_is_no_guess():
    made = posed()
    for _ in range(MAX_WRONG + 1):
        assert error(made) is UNANSWERED
    assert error(made, answer=str(made.challenge.answer)) is None


def test_a_challenge_serves_for_one_procedure():
    made, mine = posed(), uuid4()
    made.challenge.used_by = mine
    right = str(made.challenge.answer)
    assert error(made, answer=right) is USED
    assert error(made, answer=right, by=mine) is None, "the same request, sent again"
