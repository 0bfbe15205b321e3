"""Replicas stopped, killed and overtaken at any step, a printer that takes folders at any time: hypothesis looks for the worst."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from typing import Any

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
    try:
        while True:
            work.send(None)
    except StopIteration:
        return


class Printing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.post = Post()
        self.requested: list[Letter] = []
        self.replicas: dict[int, Coroutine[Any, Any, None]] = {}

    @rule(trouble=st.sampled_from(("none", "none", "unavailable", "altered", "homeless")))
    def a_letter_is_requested(self, trouble: str) -> None:
        async def request() -> None:
            self.requested.append(await self.post.queued(len(self.requested)))

        run_to_its_end(request())
        if trouble != "none":
            getattr(self.post.source, trouble).add(self.requested[-1].id)

    @rule(replica=REPLICAS, steps=st.integers(1, 40))
    def a_replica_works_on(self, replica: int, steps: int) -> None:
        if replica not in self.replicas:
            self.replicas[replica] = self.post.round()
        try:
            for _ in range(steps):
                self.replicas[replica].send(None)
        except StopIteration:
            del self.replicas[replica]

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
    def no_letter_is_in_two_folders_and_every_folder_is_whole(self) -> None:
        seen: set[str] = set()
        for folder in self.post.spool.handed_over():
            entries = json.loads(folder[MANIFEST])["letters"]
            files = {name for entry in entries for name in (entry["file"], entry["address_sheet"])}
            assert folder.keys() == files | {MANIFEST}
            for entry in entries:
                assert entry["letter"] not in seen
                seen.add(entry["letter"])
        for letter in self.requested:
            for folder in self.post.folders_with(letter):
                assert content_of(letter.id) in folder.values()

    def teardown(self) -> None:
        """Everything works again: then all is finished, without loss, by one replica that starts afresh."""
        for work in self.replicas.values():
            work.close()
        self.post.source.away = False
        self.post.source.unavailable.clear()
        for _ in range(12):
            self.post.clock.passes(6 * 3600)
            run_to_its_end(self.post.round())
        self.no_letter_is_in_two_folders_and_every_folder_is_whole()
        told = [event.letter for event in self.post.letters.told]
        for letter in self.requested:
            impossible = letter.id in self.post.source.altered | self.post.source.homeless
            assert self.post.letter(letter).state is (LetterState.FAILED if impossible else LetterState.POSTED)
            assert len(self.post.folders_with(letter)) == (0 if impossible else 1)
            assert told.count(letter.id) == 1
        posted = {event.letter: event.print_run for event in self.post.letters.told if isinstance(event, Posted)}
        printed = {entry.letter: run.id for run in self.post.runs.kept.values() for entry in run.letters}
        assert posted == printed
        assert all(run.state is RunState.HANDED_OVER for run in self.post.runs.kept.values())


TestEachLetterIsPrintedOnce = Printing.TestCase
TestEachLetterIsPrintedOnce.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
