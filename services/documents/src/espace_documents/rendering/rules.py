"""What the fields of a document must be to each other. A document whose sums are not right is refused, not corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from espace_documents.rendering.readers import MOST_ROWS, Rule


def difference(result: str, whole: str, *less: str, at_least: int | None = None) -> Rule:
    """``result`` is ``whole`` less the others, or ``at_least`` where that would be less still."""

    def check(fields: Mapping[str, Any]) -> None:
        left = fields[whole] - sum(fields[name] for name in less)
        if fields[result] != (left if at_least is None else max(at_least, left)):
            floor = "" if at_least is None else f", and never below {at_least}"
            raise ValueError(f"a {result!r}, which must be {whole!r} less {' and '.join(map(repr, less))}{floor}")

    return check


def total(result: str, table: str) -> Rule:
    """``result`` is the sum of the column of the same name."""

    def check(fields: Mapping[str, Any]) -> None:
        if fields[result] != sum(row[result] for row in fields[table]):
            raise ValueError(f"a {result!r}, which must be the sum of those in {table!r}")

    return check


def in_order(first: str, last: str) -> Rule:
    """``last`` is not before ``first``."""

    def check(fields: Mapping[str, Any]) -> None:
        if fields[last] < fields[first]:
            raise ValueError(f"a {last!r}, which must not be before {first!r}")

    return check


def few_enough(table: str, within: str) -> Rule:
    """The tables within the rows of a table have together no more rows than one table may have."""

    def check(fields: Mapping[str, Any]) -> None:
        if sum(len(row[within]) for row in fields[table]) > MOST_ROWS:
            raise ValueError(f"a {table!r}, which must have at most {MOST_ROWS} {within} in all")

    return check
