"""Notifications in memory: fakes that keep every promise of the ports, and may be stopped before and after every effect."""

from __future__ import annotations

import copy
import hashlib
import types
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from espace_contracts.vocabulary import DocumentId, DocumentType, InsuredId, Locale
from espace_kernel.aggregate import Aggregate
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.assemble_print_run import AssemblePrintRun
from espace_notifications.app.carry_out_print_run import CarryOutPrintRun
from espace_notifications.app.fetch_letter import FetchLetter
from espace_notifications.app.form_print_run import FormPrintRun
from espace_notifications.app.form_run_at_cut_off import FormRunAtCutOff
from espace_notifications.app.hand_over_print_run import HandOverPrintRun
from espace_notifications.app.look_again_at_held_letters import LookAgainAtHeldLetters
from espace_notifications.app.ports import (
    AddressUnprintable,
    FolderInDoubt,
    LetterUnavailable,
    NotToBePosted,
    PrinterAway,
    PrintSpool,
    SourceAway,
)
from espace_notifications.app.remove_abandoned_assemblies import RemoveAbandonedAssemblies
from espace_notifications.app.requeue_letter import RequeueLetter
from espace_notifications.app.return_stray_letters import ReturnStrayLetters
from espace_notifications.app.settle_by_folder import SettleByFolder
from espace_notifications.app.take_answer import TakeAnswer
from espace_notifications.domain.cut_off import CutOffs
from espace_notifications.domain.letter import CallOff, Letter, LetterState
from espace_notifications.domain.manifest import MANIFEST, Listing
from espace_notifications.domain.postal_address import PostalAddress
from espace_notifications.domain.print_run import Assembly, PrintedLetter, PrintRun, RunState

A = TypeVar("A", bound=Aggregate)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
IDS = UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7")
ADDRESS = PostalAddress(("12, rue des Fleurs", "L-1234 Luxembourg"), "LU")
NOWHERE = PostalAddress(("", "  "), "LU")
CUT_OFF = timedelta(seconds=2)
LETTERS_AT_ONCE = 2


@types.coroutine
def step() -> Generator[None, None, None]:
    """A point where the process may be stopped, or another replica may be faster."""
    yield


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Store(Generic[A]):
    """Aggregates by id, saved by compare-and-set; `told` holds the events saved with them."""

    def __init__(self) -> None:
        self.kept: dict[UUID, A] = {}
        self.told: list[object] = []

    async def add(self, aggregate: A) -> bool:
        await step()
        if aggregate.id in self.kept:
            return False
        self._keep(aggregate, 1)
        await step()
        return True

    async def get(self, aggregate_id: UUID) -> A | None:
        await step()
        return copy.deepcopy(self.kept.get(aggregate_id))

    async def save(self, aggregate: A) -> None:
        await step()
        self._must_be_current(aggregate)
        self._keep(aggregate, aggregate.version + 1)
        await step()

    async def remove(self, aggregate: A) -> None:
        await step()
        self._must_be_current(aggregate)
        del self.kept[aggregate.id]
        await step()

    def _must_be_current(self, aggregate: A) -> None:
        current = self.kept.get(aggregate.id)
        if current is None or current.version != aggregate.version:
            raise VersionConflict("The aggregate was saved by somebody else.")

    def _keep(self, aggregate: A, version: int) -> None:
        self.told += aggregate.recorded
        aggregate.recorded.clear()
        aggregate.version = version
        self.kept[aggregate.id] = copy.deepcopy(aggregate)


@dataclass
class Source:
    """The documents service."""

    away: bool = False
    unavailable: set[UUID] = field(default_factory=set)
    altered: set[UUID] = field(default_factory=set)
    homeless: set[UUID] = field(default_factory=set)
    unprintable: set[UUID] = field(default_factory=set)
    addresses: dict[UUID, PostalAddress | None] = field(default_factory=dict)
    no_more: dict[UUID, CallOff] = field(default_factory=dict)
    silent_about: set[UUID] = field(default_factory=set)
    """Letters at which it goes away while it is asked about them."""
    asked: list[UUID] = field(default_factory=list)
    """The letters whose address it was asked for."""

    async def address(self, letter: UUID) -> PostalAddress | None:
        self.asked.append(letter)
        await self._answer(letter)
        return NOWHERE if letter in self.homeless else self.addresses.get(letter, ADDRESS)

    async def pdf(self, letter: UUID) -> bytes:
        await self._answer(letter)
        return content_of(letter)[:-1] if letter in self.altered else content_of(letter)

    async def address_sheet(self, letter: UUID) -> bytes:
        await self._answer(letter)
        if letter in self.unprintable:
            raise AddressUnprintable
        return b"%PDF- to " + "\n".join(ADDRESS.lines).encode()

    def is_in(self, trouble: str, letter: Letter) -> None:
        """One of unavailable, altered, homeless, unprintable, no_more; or none."""
        if trouble == "no_more":
            self.no_more[letter.id] = CallOff.DOCUMENT_WITHDRAWN
        elif trouble != "none":
            getattr(self, trouble).add(letter.id)

    def ends_as(self, letter: Letter) -> LetterState:
        """What becomes of the letter while its trouble lasts."""
        if letter.id in self.no_more:
            return LetterState.CALLED_OFF
        return LetterState.FAILED if letter.id in self.altered | self.homeless | self.unprintable else LetterState.POSTED

    async def _answer(self, letter: UUID) -> None:
        await step()
        if self.away or letter in self.silent_about:
            raise SourceAway("The documents service cannot be reached.")
        if letter in self.no_more:
            raise NotToBePosted(self.no_more[letter])
        if letter in self.unavailable:
            raise LetterUnavailable("The documents service did not give the letter.")


@dataclass
class Spool:
    """Folders in memory, with a printer that takes what is ready."""

    attempts: dict[Assembly, dict[str, bytes]] = field(default_factory=dict)
    ready: dict[UUID, dict[str, bytes]] = field(default_factory=dict)
    taken: dict[UUID, dict[str, bytes]] = field(default_factory=dict)

    async def start(self, assembly: Assembly) -> None:
        await step()
        for earlier in [each for each in self.attempts if each.run == assembly.run and each.attempt < assembly.attempt]:
            del self.attempts[earlier]
        assert assembly not in self.attempts, "an attempt's folder is its own"
        self.attempts[assembly] = {}
        await step()

    async def put(self, assembly: Assembly, file: str, content: bytes) -> None:
        await step()
        folder = self._folder(assembly)
        folder[file] = content[: len(content) // 2]
        await step()
        self._folder(assembly)[file] = content
        await step()

    async def complete(self, assembly: Assembly) -> None:
        await step()
        self._folder(assembly)

    async def hand_over(self, assembly: Assembly, letters: Sequence[PrintedLetter]) -> None:
        await step()
        there = await self.listed(assembly.run)
        if there is not None:
            if {each.letter for each in there.letters} != {each.letter for each in letters}:
                raise FolderInDoubt("The printer has other letters under this name.")
        elif letters and assembly in self.attempts:
            self.ready[assembly.run] = self.attempts.pop(assembly)
        elif letters:
            raise PrinterAway("The sealed folder is gone.")
        await step()

    async def listed(self, run: UUID) -> Listing | None:
        folder = self.ready.get(run) or self.taken.get(run)
        return TypeAdapter(Listing).validate_json(folder[MANIFEST]) if folder and MANIFEST in folder else None

    async def at_the_printers(self) -> Sequence[UUID]:
        await step()
        return [*self.ready, *self.taken]

    async def is_lost(self, assembly: Assembly) -> bool:
        await step()
        return assembly not in self.attempts and assembly.run not in {*self.ready, *self.taken}

    async def clear(self, run: UUID) -> None:
        await step()
        for assembly in [each for each in self.attempts if each.run == run]:
            del self.attempts[assembly]
        await step()

    async def assembling(self) -> Sequence[UUID]:
        await step()
        return [assembly.run for assembly in self.attempts]

    def printer_takes(self) -> None:
        self.taken |= self.ready
        self.ready = {}

    def handed_over(self) -> list[dict[str, bytes]]:
        return [*self.taken.values(), *self.ready.values()]

    def _folder(self, assembly: Assembly) -> dict[str, bytes]:
        if assembly not in self.attempts:
            raise PrinterAway("The folder of this attempt is gone.")
        return self.attempts[assembly]


def content_of(letter: UUID) -> bytes:
    return b"%PDF- " + letter.bytes * 3


def a_letter(number: int, at: datetime = NOON) -> Letter:
    letter_id = uuid5(IDS, f"letter {number}")
    content = content_of(letter_id)
    return Letter(
        id=letter_id,
        insured=InsuredId(uuid5(IDS, f"person {number}")),
        document=DocumentId(uuid5(IDS, f"document {number}")),
        document_type=DocumentType.CLOSING_LETTER,
        locale=Locale.FRENCH,
        pages=2,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        requested_at=at,
        waits_from=at,
    )


class Post:
    """Letters, runs, documents service and printer, and the use cases over them."""

    at_once = 3
    """How many letters a run takes."""

    def __init__(self, cut_offs: str | None = None, printer: PrintSpool | None = None) -> None:
        self.clock, self.letters, self.runs = Clock(), Store[Letter](), Store[PrintRun]()
        self.source, self.spool = Source(), Spool()
        spool = printer or self.spool
        fetch = FetchLetter(self.source)
        assemble = AssemblePrintRun(self.letters, self.runs, spool, fetch, self.clock)
        hand_over = HandOverPrintRun(self.letters, self.runs, self.known, spool, self.clock)
        self.carry_out = CarryOutPrintRun(self.runs, assemble, hand_over, self.clock)
        self.form = (
            FormRunAtCutOff(self.waiting, self.runs, self.due, CutOffs.named(cut_offs), self.at_once)
            if cut_offs
            else FormPrintRun(self.waiting, self.runs, self.due, CUT_OFF)
        )
        self.requeue = RequeueLetter(self.letters, self.clock)
        self.settle_by_folder = SettleByFolder(self.letters, self.runs, spool, self.clock)
        self.look_again = LookAgainAtHeldLetters(self.held_behind, self.how_many_held, self.letters, fetch, self.clock)
        self.take = TakeAnswer(self.letters, self.runs, self.clock)
        self.return_strays = ReturnStrayLetters(self.in_runs, self.letters, self.runs, self.clock)
        self.remove_abandoned = RemoveAbandonedAssemblies(self.spool, self.runs)

    async def waiting(self, now: datetime) -> Sequence[Letter]:
        await step()
        found = [letter for letter in self.letters.kept.values() if letter.state is LetterState.QUEUED and letter.waits_from <= now]
        return copy.deepcopy(sorted(found, key=lambda letter: letter.waits_from)[: self.at_once])

    async def in_runs(self, behind: UUID | None) -> Sequence[Letter]:
        return await self._by_id(LetterState.IN_RUN, behind)

    async def held_behind(self, behind: UUID | None) -> Sequence[Letter]:
        return await self._by_id(LetterState.FAILED, behind)

    async def how_many_held(self) -> int:
        await step()
        return sum(letter.state is LetterState.FAILED for letter in self.letters.kept.values())

    async def _by_id(self, state: LetterState, behind: UUID | None) -> Sequence[Letter]:
        await step()
        found = [letter for letter in self.letters.kept.values() if letter.state is state]
        further = [letter for letter in sorted(found, key=lambda letter: letter.id) if behind is None or letter.id > behind]
        return copy.deepcopy(further[:LETTERS_AT_ONCE])

    async def known(self, runs: Sequence[UUID]) -> set[UUID]:
        await step()
        return self.runs.kept.keys() & set(runs)

    async def due(self, now: datetime) -> Sequence[UUID]:
        await step()
        return [run.id for run in self.runs.kept.values() if run.state is not RunState.HANDED_OVER and run.next_try_at <= now]

    async def queued(self, number: int) -> Letter:
        letter = a_letter(number, self.clock.now)
        await self.letters.add(letter)
        return letter

    async def round(self) -> None:
        """What a replica does at each poll."""
        for run in await self.form(self.clock.now):
            try:
                await self.carry_out(run)
            except (VersionConflict, PrinterAway):  # another replica is at it, or was faster
                continue

    async def after_the_cut_off(self) -> None:
        self.clock.passes(CUT_OFF.total_seconds())
        await self.round()

    def letter(self, letter: Letter) -> Letter:
        return self.letters.kept[letter.id]

    def folders_with(self, letter: Letter) -> list[dict[str, bytes]]:
        return [folder for folder in self.spool.handed_over() if any(str(letter.id) in name for name in folder)]
