from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured value. `limit` None: told for comparison, without a target."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def reached(self) -> str:
        return f"{self.value:,.1f} {self.unit}"

    @property
    def target(self) -> str:
        return "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:,.0f} {self.unit}"

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "met" if (self.value >= self.limit if self.at_least else self.value <= self.limit) else "MISSED"


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> None:
    """Prints what was reached beside what was meant to be."""
    printed = Table(
        title=f"My insured eSpace on {os.cpu_count()} cores, Python {platform.python_version()}, shared with broker, store and load"
    )
    for heading in ("what", "reached", "target", ""):
        printed.add_column(heading, justify="left" if heading == "what" else "right")
    for figure in figures:
        printed.add_row(figure.what, figure.reached, figure.target, figure.verdict)
    Console(width=140).print(printed)
