from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from espace_cns_core.app.not_on_file import NotOnFile
from espace_kernel.problems import Problem


@contextmanager
def on_file() -> Iterator[None]:
    """Around a command about a person: that the fund does not know them is answered as a Problem."""
    try:
        yield
    except NotOnFile:
        raise Problem(404, "not-on-file", "The fund has no such person, or no account of theirs. Record the person first.") from None
