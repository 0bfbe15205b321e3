from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from espace_notifications.app.fetch_letter import FetchLetter
from espace_notifications.app.look_again_at_held_letters import HELD_LETTERS, LookAgainAtHeldLetters
from espace_notifications.domain.letter import CallOff, Failed, Failure, LetterState, Posted

from .world import LETTERS_AT_ONCE, NOON, Post


@pytest.fixture
def post() -> Post:
    return Post()


async def held(post: Post, trouble: str = "homeless", number: int = 1):
    letter = await post.queued(number)
    getattr(post.source, trouble).add(letter.id)
    await post.after_the_cut_off()
    assert post.letter(letter).state is LetterState.FAILED
    return letter


def corrected(post: Post) -> None:
    for trouble in (post.source.homeless, post.source.unprintable, post.source.altered):
        trouble.clear()


@pytest.mark.parametrize(
    ("trouble", "reason", "failure"),
    [
        ("homeless", "The person has no usable address on file.", Failure.NO_USABLE_ADDRESS),
        ("unprintable", "The address on file cannot be printed.", Failure.NO_USABLE_ADDRESS),
        ("altered", "The PDF is not the one that was rendered.", Failure.CONTENT_ALTERED),
    ],
)
async def test_a_held_letter_says_why_and_since_when(post, trouble, reason, failure):
    kept = post.letter(await held(post, trouble))
    assert (kept.problem, kept.failure, kept.held_since) == (reason, failure, post.clock.now)


async def test_an_address_that_documents_does_not_know_at_all_holds_the_letter_too(post):
    letter = await post.queued(1)
    post.source.addresses[letter.id] = None
    await post.after_the_cut_off()
    assert post.letter(letter).failure is Failure.NO_USABLE_ADDRESS


async def test_an_operator_puts_it_back_and_the_same_letter_is_printed_once(post):
    letter = await held(post)
    corrected(post)
    assert (await post.requeue(letter.id)).state is LetterState.QUEUED
    assert (await post.requeue(letter.id)).state is LetterState.QUEUED, "a repeat changes nothing"
    await post.after_the_cut_off()
    assert (await post.requeue(letter.id)).state is LetterState.POSTED, "nor does one that comes late"
    await post.after_the_cut_off()
    kept = post.letter(letter)
    assert len(post.folders_with(letter)) == 1
    assert post.letters.told == [
        Failed(letter.insured, letter.id, letter.document, Failure.NO_USABLE_ADDRESS),
        Posted(letter.insured, letter.id, letter.document, kept.print_run, kept.posted_at),
    ]
    assert (kept.failure, kept.held_since, kept.problem) == (None, None, None)


async def test_put_back_too_early_it_is_held_again_and_told_as_failed_once(post):
    letter = await held(post)
    await post.requeue(letter.id)
    post.clock.passes(60)
    await post.after_the_cut_off()
    assert post.letter(letter).state is LetterState.FAILED
    assert post.letter(letter).held_since == post.clock.now > NOON
    assert len(post.letters.told) == 1


async def test_there_is_nothing_to_put_back_of_a_letter_that_does_not_exist(post):
    assert await post.requeue(uuid4()) is None


@pytest.mark.parametrize("trouble", ["homeless", "unprintable", "altered"])
async def test_the_next_look_puts_it_back_by_itself_when_it_could_be_printed_and_not_before(post, trouble):
    letter = await held(post, trouble)
    assert await post.look_again() == 0
    assert post.letter(letter).state is LetterState.FAILED
    corrected(post)
    post.source.away = True
    assert await post.look_again() == 0, "documents cannot be asked now"
    post.source.away = False
    post.source.unavailable = {letter.id}
    assert await post.look_again() == 0
    assert post.letter(letter).state is LetterState.FAILED
    post.source.unavailable = set()
    await post.look_again()
    assert post.letter(letter).state is LetterState.QUEUED
    await post.after_the_cut_off()
    assert len(post.folders_with(letter)) == 1


async def test_a_held_letter_whose_document_is_no_more_waits_for_nobody(post):
    letter, other = await held(post), await held(post, number=2)
    post.source.no_more = {letter.id: CallOff.DOCUMENT_WITHDRAWN}
    await post.look_again()
    kept = post.letter(letter)
    assert (kept.state, kept.called_off, kept.failure, kept.held_since) == (LetterState.CALLED_OFF, CallOff.DOCUMENT_WITHDRAWN, None, None)
    assert post.letter(other).state is LetterState.FAILED
    assert HELD_LETTERS._value.get() == 1
    assert (await post.requeue(letter.id)).state is LetterState.CALLED_OFF


async def several_held(post: Post, count: int) -> list[UUID]:
    """In the order in which they are looked at."""
    letters = sorted([(await held(post, number=number)).id for number in range(count)])
    post.source.asked.clear()
    return letters


async def test_a_look_takes_some_and_the_next_go_on_behind_them_and_begin_again_at_the_end(post):
    letters = await several_held(post, 2 * LETTERS_AT_ONCE + 1)
    for _ in range(5):
        await post.look_again()
        assert HELD_LETTERS._value.get() == len(letters), "all are counted, also those that were not looked at"
    assert post.source.asked == [*letters, *letters[:LETTERS_AT_ONCE], *letters[LETTERS_AT_ONCE : 2 * LETTERS_AT_ONCE]]


async def test_what_is_mended_at_the_end_has_its_turn_whatever_is_held_before_it(post):
    letters = await several_held(post, 3 * LETTERS_AT_ONCE)
    post.source.homeless.remove(letters[-1])
    for _ in range(3):
        assert {post.letters.kept[each].state for each in letters} == {LetterState.FAILED}
        await post.look_again()
    assert [each for each in letters if post.letters.kept[each].state is LetterState.QUEUED] == letters[-1:]
    assert HELD_LETTERS._value.get() == len(letters) - 1


async def test_as_few_as_one_look_takes_are_all_looked_at_each_time(post):
    letters = await several_held(post, LETTERS_AT_ONCE)
    for _ in range(3):
        await post.look_again()
    assert post.source.asked == 3 * letters


async def test_a_letter_at_which_documents_goes_away_keeps_none_behind_it_from_its_turn(post):
    letters = await several_held(post, LETTERS_AT_ONCE + 1)
    post.source.silent_about = {letters[0]}
    for _ in range(2):
        await post.look_again()
    assert post.source.asked == letters
    post.source.silent_about = set()
    corrected(post)
    for _ in range(2):
        await post.look_again()
    assert {post.letters.kept[each].state for each in letters} == {LetterState.QUEUED}


async def test_a_restart_forgets_no_held_letter(post):
    letters = await several_held(post, 2 * LETTERS_AT_ONCE)
    await post.look_again()
    corrected(post)
    again = LookAgainAtHeldLetters(post.held_behind, post.how_many_held, post.letters, FetchLetter(post.source), post.clock)
    for _ in range(2):
        await again()
    assert {post.letters.kept[each].state for each in letters} == {LetterState.QUEUED}


async def test_an_operator_who_was_faster_than_the_look_is_no_trouble(post):
    letter = await held(post)
    corrected(post)
    stale = await post.held_behind(None)
    await post.requeue(letter.id)

    async def as_it_was(behind):
        return stale if behind is None else ()

    post.look_again._held = as_it_was
    await post.look_again()
    assert post.letter(letter).state is LetterState.QUEUED
    assert post.letter(letter).version == stale[0].version + 1
