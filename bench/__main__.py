"""`make bench`: what the eSpace reaches on this machine beside what it is meant to reach. Nothing else should run meanwhile.

Starts stacks of its own on free ports with their own state, a new one for the runs; bounded in count and time.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.delivery import measure_delivery
from bench.endurance import measure_endurance
from bench.facts import measure_facts
from bench.figure import Figure, table
from bench.footprint import measure_idle, measure_memory
from bench.push import measure_push
from bench.reads import measure_reads
from bench.relay import measure_relay
from bench.renderers.contest import measure_renderers
from bench.run import measure_pipeline, measure_run
from espace_embedded.settings import Settings
from espace_embedded.stack import Stack


async def measure(state: Path, figures: list[Figure]) -> None:
    """Adds to the figures as they are measured."""
    async with Stack(Settings.on_free_ports(state), tell=lambda line: print(f"  {line}")) as stack:
        print("150 closings at 5 a second")
        figures += await measure_delivery(stack)
        figures += measure_memory(stack)
        print("Reads through the gateway at 100 a second, 20 s, and the same without it")
        figures += await measure_reads(stack)
        print("100 reimbursements at 10 a second")
        figures += await measure_facts(stack)
        print("Decisions told to 200 open pages")
        figures += await measure_push(stack)
        print("The relay against an awaited send an event")
        figures += await measure_relay(stack.settings)
        print("The idle stack, over 30 s")
        figures += await measure_idle(stack)
    async with Stack(Settings.on_free_ports(state / "runs"), tell=lambda line: print(f"  {line}")) as stack:
        print("Twice 600 statements of a run, against rendering them alone")
        figures += await measure_pipeline(stack)
        print("Single documents amid a run of 50,000, for two minutes")
        figures += await measure_run(stack)
    print("Renderers side by side")
    figures += await measure_renderers()
    print("10,000 letters")
    figures += await measure_endurance(state / "endurance")


def main() -> None:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="espace-bench-") as folder:
        try:
            asyncio.run(measure(Path(folder), figures))
        finally:
            table(figures)  # those that there are, whatever went wrong behind them


if __name__ == "__main__":
    main()
