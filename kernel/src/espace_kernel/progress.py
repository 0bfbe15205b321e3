from __future__ import annotations


class Progress:
    """Which messages of one partition are done, and up to where their offsets may be committed: never past one that is not."""

    def __init__(self) -> None:
        self._open: dict[int, None] = {}  # a dict keeps the order of insertion, and offsets come in rising order
        self._next: int | None = None
        self._committed: int | None = None

    @property
    def open(self) -> int:
        """How many messages were begun and are not done."""
        return len(self._open)

    def begin(self, offset: int) -> bool:
        """Take a message up. False when it was taken up before."""
        if self._next is not None and offset < self._next:
            return False
        self._open[offset] = None
        self._next = offset + 1
        return True

    def end(self, offset: int) -> None:
        """The message is done: its effect is stored."""
        self._open.pop(offset, None)

    def to_commit(self) -> int | None:
        """The offset to commit, when it moved since the last time that committed() was told."""
        position = next(iter(self._open), self._next)
        return position if position != self._committed else None

    def committed(self, position: int) -> None:
        """The broker has acknowledged this commit."""
        self._committed = position
