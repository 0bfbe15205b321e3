from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from espace_kernel.conditional import UNCHANGED
from espace_kernel.problems import Problem
from espace_records.app.show_snapshot import NotOnFile

T = TypeVar("T")

ANSWERS: dict[int | str, dict[str, Any]] = {
    **UNCHANGED,
    404: {"description": "The fund has not told this to the eSpace yet."},
}
"""What every route of My data may answer besides its data."""


async def on_file(shown: Awaitable[T]) -> T:
    """What the fund's file says. Raises Problem 404 while it says nothing."""
    try:
        return await shown
    except NotOnFile:
        raise Problem(
            404, "not-on-file", "The fund has not told the eSpace this yet. Try again in a few minutes; if it stays so, ask the CNS."
        ) from None
