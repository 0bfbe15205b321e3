"""Replicas stopped, killed and overtaken at any step, and a printer that takes folders at any time.

First every step of a small scene, then whatever hypothesis can think of in a large one.
"""

from __future__ import annotations

import json
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from espace_notifications.domain.letter import Letter, LetterState, Posted
from espace_notifications.domain.manifest import MANIFEST
from espace_notifications.domain.print_run import RunState

from .world import Post, content_of

REPLICAS = st.integers(0, 2)


def run_to_its_end(work: Coroutine[Any, Any, object]) -> None:
    """Drive a coroutine whose only pauses are the fakes' own."""
    while steps_of(work, 1):
        continue


def steps_of(work: Coroutine[Any, Any, object], count: int) -> bool:
    """Drive it so far and no further. False when it ended before."""
    try:
        for _ in range(count):
            work.send(None)
    except StopIteration:
        return False
    return True


class Scene:
    """A print room with two letters, one of which may be in trouble."""

    def __init__(self, trouble: str) -> None:
        self.post, self.letters = Post(), list[Letter]()
        for number in range(2):
            run_to_its_end(self._request(number))
        self.post.source.is_in(trouble, self.letters[0])
        self.post.clock.passes(2)

    async def _request(self, number: int) -> None:
        self.letters.append(await self.post.queued(number))

    def others_finish(self) -> None:
        """Whoever is stopped now is overtaken, and the printer takes what is ready."""
        self.post.clock.passes(11)
        run_to_its_end(self.post.round())
        self.post.spool.printer_takes()

    def ends_well(self) -> None:
        """Everything works again: each letter lies in one whole folder, or was told as impossible; nothing is left behind."""
        post = self.post
        post.source.away = False
        post.source.unavailable.clear()
        for _ in range(12 + len(self.letters)):  # a run takes a few letters at most
            post.clock.passes(6 * 3600)
            run_to_its_end(post.round())
        run_to_its_end(post.remove_abandoned())
        check_folders(post, self.letters)
        told = [event.letter for event in post.letters.told]
        for letter in self.letters:
            expected = post.source.ends_as(letter)
            assert post.letter(letter).state is expected
            assert len(post.folders_with(letter)) == (1 if expected is LetterState.POSTED else 0)
            assert told.count(letter.id) == 1
        posted = {event.letter: event.print_run for event in post.letters.told if isinstance(event, Posted)}
        assert posted == {entry.letter: run.id for run in post.runs.kept.values() for entry in run.letters}
        assert all(run.state is RunState.HANDED_OVER for run in post.runs.kept.values())
        assert post.spool.attempts == {}


def check_folders(post: Post, letters: list[Letter]) -> None:
    """No letter is in two folders, and every folder the printer saw is whole."""
    seen: set[str] = set()
    for folder in post.spool.handed_over():
        entries = json.loads(folder[MANIFEST])["letters"]
        assert folder.keys() == {name for entry in entries for name in (entry["file"], entry["address_sheet"])} | {MANIFEST}
        assert not seen & {entry["letter"] for entry in entries}
        seen |= {entry["letter"] for entry in entries}
    for letter in letters:
        assert all(content_of(letter.id) in folder.values() for folder in post.folders_with(letter))


each_trouble = pytest.mark.parametrize("trouble", ["none", "unavailable", "altered", "homeless", "no_more"])


def scenes(trouble: str) -> Iterator[tuple[Scene, Coroutine[Any, Any, None]]]:
    """The scene with a replica that was stopped at its first step, at its second, and so on to its last."""
    for count in range(1, 1000):
        scene = Scene(trouble)
        replica = scene.post.round()
        if not steps_of(replica, count):
            assert count > 30, "a round has many steps"
            return
        yield scene, replica


@each_trouble
def test_a_replica_may_die_at_any_step(trouble):
    for scene, replica in scenes(trouble):
        replica.close()
        scene.others_finish()
        scene.ends_well()


@each_trouble
def test_a_replica_may_be_stopped_at_any_step_and_go_on_after_others_finished(trouble):
    for scene, replica in scenes(trouble):
        scene.others_finish()
        steps_of(replica, 1000)
        scene.ends_well()


@pytest.mark.parametrize("trouble", ["none", "unavailable"])
def test_two_replicas_may_be_stopped_at_any_steps_and_both_go_on_after_a_third_finished(trouble):
    for first_stop in range(1, 1000, 3):
        for second_stop in range(1, 1000, 5):
            scene = Scene(trouble)
            first, second = scene.post.round(), scene.post.round()
            if not steps_of(first, first_stop):
                second.close()
                return
            scene.post.clock.passes(11)
            if not steps_of(second, second_stop):
                first.close()
                break
            scene.others_finish()
            steps_of(first, 1000)
            steps_of(second, 1000)
            scene.ends_well()


class Printing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene("none")
        self.post, self.requested = self.scene.post, self.scene.letters
        self.replicas: dict[int, Coroutine[Any, Any, None]] = {}

    @rule(trouble=st.sampled_from(("none", "none", "unavailable", "altered", "homeless", "no_more")))
    def a_letter_is_requested(self, trouble: str) -> None:
        async def request() -> None:
            self.requested.append(await self.post.queued(len(self.requested)))

        run_to_its_end(request())
        self.post.source.is_in(trouble, self.requested[-1])

    @rule(replica=REPLICAS, steps=st.sampled_from((1, 2, 3, 5, 8, 13, 1000)))
    def a_replica_works_on(self, replica: int, steps: int) -> None:
        if not steps_of(self._replica(replica), steps):
            del self.replicas[replica]

    def _replica(self, replica: int) -> Coroutine[Any, Any, None]:
        if replica not in self.replicas:
            self.replicas[replica] = self.post.round()
        return self.replicas[replica]

    @precondition(lambda self: self.replicas)
    @rule(replica=REPLICAS)
    def a_replica_is_killed(self, replica: int) -> None:
        if work := self.replicas.pop(replica, None):
            work.close()

    @rule(seconds=st.sampled_from((1, 3, 11, 70, 600)))
    def time_passes(self, seconds: int) -> None:
        self.post.clock.passes(seconds)

    @rule()
    def the_printer_takes_what_is_ready(self) -> None:
        self.post.spool.printer_takes()

    @rule(away=st.booleans())
    def the_documents_service_goes_or_comes(self, away: bool) -> None:
        self.post.source.away = away

    @rule()
    def the_documents_service_finds_its_letters_again(self) -> None:
        self.post.source.unavailable.clear()

    @rule()
    def a_sweeper_looks(self) -> None:
        run_to_its_end(self.post.return_strays())
        run_to_its_end(self.post.remove_abandoned())

    @invariant()
    def folders_are_right(self) -> None:
        check_folders(self.post, self.requested)

    def teardown(self) -> None:
        for work in self.replicas.values():
            work.close()
        self.scene.ends_well()


TestEachLetterIsPrintedOnce = Printing.TestCase
TestEachLetterIsPrintedOnce.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
