"""How the handling of an event can end other than well. The type of the exception is the decision. Pure: no I/O."""

from __future__ import annotations


class RetryLater(Exception):
    """Something the handler needs is not there yet: try again, a bounded number of times, then keep a dead letter."""


class NeverWorks(Exception):
    """The content is wrong and stays wrong: keep a dead letter at once.

    Its sentence is stored and shown to operators, so it says what is wrong without quoting personal data.
    """


class VersionConflict(RetryLater):
    """Somebody else saved the aggregate since it was loaded. Load it again and decide anew."""
