import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from espace_embedded import parts, ports
from espace_embedded.parts import SERVICES
from espace_embedded.runfile import Run
from espace_embedded.settings import Settings


@dataclass(frozen=True)
class PartReport:
    """What can be said of one part from outside."""

    name: str
    pid: int | None
    ready: bool
    address: str
    memory_mb: int
    """Resident memory of the part with all it started."""
    uptime_s: int


async def report(settings: Settings, run: Run) -> list[PartReport]:
    """One report a part, in the order of starting."""
    return [await _report(settings, name, pid) for name, pid in run.parts.items()]


async def _report(settings: Settings, name: str, pid: int | None) -> PartReport:
    port = settings.port(name)
    serves_http = name in {service.name for service in SERVICES}
    ready = await (ports.says_ready(port) if serves_http else ports.answers(port))
    address = parts.url(settings, name) if serves_http else f"127.0.0.1:{port}"
    processes = list(_group(pid)) if pid else []
    return PartReport(name, pid if processes else None, ready, address, sum(map(_memory_mb, processes)), _uptime_s(pid) if processes else 0)


def _group(leader: int | None) -> Iterator[Path]:
    """The /proc folders of a part's processes."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(folder)[2]) == leader:
                yield folder
        except (FileNotFoundError, ProcessLookupError):
            continue


def _stat(folder: Path) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on; the second may hold blanks."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _memory_mb(folder: Path) -> int:
    return int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024**2


def _uptime_s(pid: int | None) -> int:
    born = int(_stat(Path(f"/proc/{pid}"))[19]) / os.sysconf("SC_CLK_TCK")
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) - born)
