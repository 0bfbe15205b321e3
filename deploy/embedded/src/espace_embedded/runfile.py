import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """A running stack: the process that supervises it, and its parts' process ids (None: not running now)."""

    supervisor: int
    parts: Mapping[str, int | None]


class RunFile:
    """`run.json` in the state folder: who runs the stack. A file whose process is gone or is another one counts as none."""

    def __init__(self, state: Path) -> None:
        self._path = state / "run.json"

    def write(self, parts: Mapping[str, int | None]) -> None:
        """Records this process as the supervisor, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"supervisor": os.getpid(), "born": _born(os.getpid()), "parts": dict(parts)}))
        unfinished.replace(self._path)

    def read(self) -> Run | None:
        """The stack that runs now; None when there is none."""
        try:
            found = json.loads(self._path.read_text())
        except FileNotFoundError:
            return None
        alive = _born(found["supervisor"]) == found["born"]
        return Run(found["supervisor"], found["parts"]) if alive else None

    def remove(self) -> None:
        """Records that nothing runs."""
        self._path.unlink(missing_ok=True)


def _born(pid: int) -> str | None:
    """When the process started, in the kernel's ticks: with the pid it names one process. None when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return None
