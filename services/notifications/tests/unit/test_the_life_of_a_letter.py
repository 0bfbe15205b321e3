from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.events import LetterDispatched, LetterReturned
from espace_contracts.events.letter_returned_v1 import ReturnReason as ToldReason
from espace_notifications.domain.letter import MOVES, AnswerWrong, CallOff, Failure, Letter, LetterState, ReturnReason
from espace_notifications.events.outgoing import contract_of

from .world import NOON, a_letter

RUN = uuid4()
REASONS = st.sampled_from(ReturnReason)
MOMENTS = st.integers(0, 3).map(lambda days: NOON + timedelta(days=days))

ACTS = {
    "claim": st.tuples(st.just(RUN)),
    "post": st.tuples(MOMENTS),
    "fail": st.tuples(st.sampled_from(Failure), st.just("It cannot be."), MOMENTS),
    "back_to_queue": st.tuples(st.just("Later."), MOMENTS),
    "requeue": st.tuples(MOMENTS),
    "call_off": st.tuples(st.sampled_from(CallOff), st.just("It is no more."), MOMENTS),
    "was_dispatched": st.tuples(MOMENTS),
    "came_back": st.tuples(REASONS, MOMENTS),
}
ONCE = {"Posted", "Failed", "CalledOff", "Dispatched", "Returned"}


def test_every_state_has_its_moves_and_only_a_letter_that_came_back_or_was_called_off_has_none():
    assert set(MOVES) == set(LetterState)
    assert {state for state, to in MOVES.items() if not to} == {LetterState.RETURNED, LetterState.CALLED_OFF}


def test_a_letter_that_was_posted_never_comes_back_to_the_queue():
    seen, ahead = set(), [LetterState.POSTED]
    while ahead:
        state = ahead.pop()
        seen.add(state)
        ahead += [to for to in MOVES[state] if to not in seen]
    assert seen == {LetterState.POSTED, LetterState.DISPATCHED, LetterState.RETURNED}


@given(st.lists(st.sampled_from(sorted(ACTS)).flatmap(lambda name: st.tuples(st.just(name), ACTS[name])), max_size=25))
def test_whatever_happens_in_whatever_order_a_letter_keeps_to_its_moves_and_tells_each_thing_once(acts):
    letter = a_letter(1)
    for name, arguments in acts:
        before, told = letter.state, len(letter.recorded)
        try:
            getattr(letter, name)(*arguments)
        except (AnswerWrong, AssertionError):
            assert (letter.state, len(letter.recorded)) == (before, told), "what is refused changes nothing"
        assert letter.state is before or letter.state in MOVES[before]
    counts = Counter(type(event).__name__ for event in letter.recorded)
    assert counts.keys() <= ONCE
    assert all(count == 1 for count in counts.values())
    if letter.dispatched_at and letter.returned_at:
        assert letter.dispatched_at <= letter.returned_at


def posted() -> Letter:
    letter = a_letter(1)
    letter.claim(RUN)
    letter.post(NOON)
    letter.recorded.clear()
    return letter


def test_a_return_proves_the_dispatch_that_nobody_told_and_a_late_word_of_it_is_kept():
    letter = posted()
    assert letter.came_back(ReturnReason.MOVED, NOON + timedelta(days=3))
    assert letter.was_dispatched(NOON + timedelta(days=1))
    assert letter.state is LetterState.RETURNED
    with pytest.raises(AnswerWrong):
        posted_and_returned = posted()
        posted_and_returned.came_back(ReturnReason.MOVED, NOON)
        posted_and_returned.was_dispatched(NOON + timedelta(days=1))


def test_what_happened_at_the_post_is_told_by_the_contracts():
    letter = posted()
    letter.was_dispatched(NOON)
    letter.came_back(ReturnReason.UNCLAIMED, NOON + timedelta(days=9))
    same = {"insured": letter.insured, "letter": letter.id, "document": letter.document}
    dispatched, returned = [contract_of(event) for event in letter.recorded]
    assert dispatched == LetterDispatched(**same, print_run=RUN, dispatched_at=NOON)
    assert returned == LetterReturned(**same, reason=ToldReason.UNCLAIMED, returned_at=NOON + timedelta(days=9))
    assert [reason.value for reason in ReturnReason] == [reason.value for reason in ToldReason]
