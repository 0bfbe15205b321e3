"""What is found other than by id. Where an index is not unique, the embedded store reads the collection: only polls ask this way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from espace_kernel.store import AggregateStore
from espace_notifications.app.watch_the_printer import SilentRun
from espace_notifications.domain.letter import Letter, LetterState
from espace_notifications.domain.mailing import Mailing, MailingState
from espace_notifications.domain.print_run import PrintRun, RunState

M = TypeVar("M", bound=Mailing)

LETTERS_IN_A_RUN = 500
"""More wait for the next run: a run is one document of the store, and is assembled anew from its first letter when it is interrupted."""
_LETTERS_AT_ONCE = 500
_MAILINGS_AT_ONCE = 500
_RUNS_SHOWN = 20
_RUNS_AT_ONCE = 50
"""Of print runs that wait, or that people have to look after."""
_IN_DOUBT: Mapping[str, Any] = {"in_doubt_since": {"$exists": True}}


class MailingQueries(Generic[M]):
    """Finds e-mails of one sort."""

    def __init__(self, mailings: AggregateStore[M]) -> None:
        self._mailings = mailings

    async def prepare(self) -> None:
        """Make the index."""
        await self._mailings.collection.create_index([("state", 1), ("next_try_at", 1)])

    async def due(self, now: datetime) -> Sequence[UUID]:
        """Ids of those to try at this moment, the longest waiting first."""
        query = {"state": MailingState.WAITING, "next_try_at": {"$lte": now}}
        return [mailing.id for mailing in await self._mailings.find(query, sort=[("next_try_at", 1)], limit=_MAILINGS_AT_ONCE)]


class LetterQueries:
    """Finds letters."""

    def __init__(self, letters: AggregateStore[Letter]) -> None:
        self._letters = letters

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._letters.collection.create_index([("state", 1), ("waits_from", 1)])
        await self._letters.collection.create_index([("print_run", 1), ("state", 1)])

    async def waiting(self, now: datetime) -> Sequence[Letter]:
        """The letters that wait for a run at this moment, the longest waiting first, as many as one run takes."""
        query = {"state": LetterState.QUEUED, "waits_from": {"$lte": now}}
        return await self._letters.find(query, sort=[("waits_from", 1)], limit=LETTERS_IN_A_RUN)

    async def in_runs(self, behind: UUID | None) -> Sequence[Letter]:
        """The letters that a run holds and has not settled, by their ids, behind this one; None: the first of them."""
        return await self._by_id(LetterState.IN_RUN, behind)

    async def held(self) -> Sequence[Letter]:
        """The letters that cannot be posted as they are, the longest held first."""
        return await self._letters.find({"state": LetterState.FAILED}, sort=[("held_since", 1)], limit=_LETTERS_AT_ONCE)

    async def held_behind(self, letter: UUID | None) -> Sequence[Letter]:
        """The letters that cannot be posted as they are, by their ids, behind this one; None: the first of them."""
        return await self._by_id(LetterState.FAILED, letter)

    async def how_many_held(self) -> int:
        """All of them."""
        return await self._letters.collection.count_documents({"state": LetterState.FAILED.value})

    async def _by_id(self, state: LetterState, behind: UUID | None) -> Sequence[Letter]:
        further = {"_id": {"$gt": behind}} if behind else {}
        return await self._letters.find({"state": state, **further}, sort=[("_id", 1)], limit=_LETTERS_AT_ONCE)

    async def silent(self, before: datetime) -> Sequence[SilentRun]:
        """The runs with letters posted before this moment that the printer told nothing of, the oldest first."""
        pipeline: list[dict[str, Any]] = [
            {"$match": _unacknowledged(before)},
            {"$group": {"_id": "$print_run", "letters": {"$sum": 1}, "posted_at": {"$min": "$posted_at"}}},
            {"$sort": {"posted_at": 1}},
            {"$limit": _RUNS_AT_ONCE},
        ]
        found = await self._letters.collection.aggregate(pipeline)
        return [SilentRun(run["_id"], run["letters"], run["posted_at"]) async for run in found]

    async def unacknowledged(self, before: datetime) -> int:
        """How many letters posted before this moment the printer told nothing of."""
        return await self._letters.collection.count_documents(_unacknowledged(before))

    async def states_in(self, runs: Collection[UUID]) -> Mapping[UUID, Mapping[LetterState, int]]:
        """How many letters of each of these runs are in which state."""
        pipeline: list[dict[str, Any]] = [
            {"$match": {"print_run": {"$in": list(runs)}}},
            {"$group": {"_id": {"run": "$print_run", "state": "$state"}, "letters": {"$sum": 1}}},
        ]
        counts: dict[UUID, dict[LetterState, int]] = {run: {} for run in runs}
        async for each in await self._letters.collection.aggregate(pipeline):
            counts[each["_id"]["run"]][LetterState(each["_id"]["state"])] = each["letters"]
        return counts


class PrintRunQueries:
    """Finds print runs."""

    def __init__(self, runs: AggregateStore[PrintRun]) -> None:
        self._runs = runs

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._runs.collection.create_index([("state", 1), ("next_try_at", 1)])
        await self._runs.collection.create_index([("created_at", -1)])
        await self._runs.collection.create_index("in_doubt_since", sparse=True)

    async def due(self, now: datetime) -> Sequence[UUID]:
        """Ids of the runs with something to do at this moment, the oldest first; what is done is due later, so that others follow."""
        query = {"state": {"$in": [RunState.ASSEMBLING, RunState.SEALED]}, "next_try_at": {"$lte": now}}
        return [run.id for run in await self._runs.find(query, sort=[("created_at", 1)], limit=_RUNS_AT_ONCE)]

    async def known(self, runs: Sequence[UUID]) -> Collection[UUID]:
        """Which of these runs are here."""
        return {run["_id"] async for run in self._runs.collection.find({"_id": {"$in": list(runs)}}, {"_id": 1})}

    async def in_doubt(self) -> Sequence[PrintRun]:
        """The runs that wait since the printer has what is not known here, the longest first."""
        return await self._runs.find(_IN_DOUBT, sort=[("in_doubt_since", 1)], limit=_RUNS_AT_ONCE)

    async def how_many_in_doubt(self) -> int:
        """All of them."""
        return await self._runs.collection.count_documents(_IN_DOUBT)

    async def recent(self) -> Sequence[PrintRun]:
        """The latest runs, newest first."""
        return await self._runs.find({}, sort=[("created_at", -1)], limit=_RUNS_SHOWN)


def _unacknowledged(before: datetime) -> dict[str, Any]:
    return {"state": LetterState.POSTED.value, "posted_at": {"$lt": before}}
