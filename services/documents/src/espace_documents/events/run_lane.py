"""The lane of the runs: what the fund settles by the thousand is made into documents beside what it settles singly, and never before it.

A second consumer reads the benefits with offsets of its own, takes those of a run alone, and has few of them in hand at once; so a run of
any length waits in its topic, and a single document finds the pool with no more than those few before it. See docs/adr/0016.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from espace_contracts.events import BenefitSettled, ReimbursementSettled
from espace_contracts.topics import replays_of
from espace_documents.app.use_cases import UseCases
from espace_documents.events.benefits import deliver_benefit, deliver_reimbursement
from espace_documents.events.incoming import subscriptions
from espace_kernel.attempt import Attempts
from espace_kernel.consumer import RETRY_LADDER, Consumer
from espace_kernel.envelope import Received
from espace_kernel.health import Health
from espace_kernel.service import Kernel
from espace_kernel.subscriptions import Subscriptions

runs: Subscriptions[UseCases] = Subscriptions(group="documents-runs")


@runs.to(BenefitSettled)
async def deliver_a_benefit_of_a_run(event: Received[BenefitSettled], do: UseCases) -> None:
    """In its turn among its run; single ones are for the other lane."""
    if event.data.run is not None:
        await deliver_benefit(event, do)


@runs.to(ReimbursementSettled)
async def deliver_a_statement_of_a_run(event: Received[ReimbursementSettled], do: UseCases) -> None:
    """In its turn among its run; single ones are for the other lane."""
    if event.data.run is not None:
        await deliver_reimbursement(event, do)


class RunLane:
    """The consumer of the runs, alive within `async with`. `at_once`: how many of their documents are made at a time.

    Its dead letters are the service's own, and a replay reaches both lanes: each takes what is its.
    """

    def __init__(self, kernel: Kernel, do: UseCases, at_once: int) -> None:
        self._settings = kernel.settings.model_copy(update={"concurrency": at_once})
        self._attempts = Attempts(runs, do, kernel.dead_letters(subscriptions.group), RETRY_LADDER)
        self._health = _LaneHealth(kernel.health)

    async def __aenter__(self) -> Self:
        topics = (*runs.topics, replays_of(subscriptions.group))
        self._consumer = Consumer(self._settings, runs.group, topics, self._attempts, self._health)
        await self._consumer.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._consumer.stop()


class _LaneHealth(Health):
    """The service's health, where this consumer speaks under a name of its own beside the other lane's."""

    def __init__(self, whole: Health) -> None:
        self._whole = whole

    def obstruct(self, part: str, sentence: str) -> None:
        self._whole.obstruct(f"{part} of runs", sentence)

    def clear(self, part: str) -> None:
        self._whole.clear(f"{part} of runs")
