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
    """Of its oldest process."""


async def report(settings: Settings, run: Run) -> list[PartReport]:
    """One report a part, in the order of starting."""
    return [await _report(settings, name, pid) for name, pid in run.parts.items()]


async def _report(settings: Settings, name: str, pid: int | None) -> PartReport:
    port = settings.port(name)
    serves_http = name in {service.name for service in SERVICES}
    ready = await (ports.says_ready(port) if serves_http else ports.answers(port))
    address = parts.url(settings, name) if serves_http else f"127.0.0.1:{port}"
    group = list(_group(pid)) if pid else []
    megabytes, seconds = sum(each for each, _ in group), max((age for _, age in group), default=0)
    return PartReport(name, pid if group else None, ready, address, megabytes, seconds)


def _group(leader: int) -> Iterator[tuple[int, int]]:
    """The resident megabytes and the age in seconds of each of a part's processes; one that ends meanwhile is none."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()  # from the third on; the second may hold blanks
            if int(fields[2]) == leader:
                yield _memory_mb(folder), _age_s(int(fields[19]))
        except (FileNotFoundError, ProcessLookupError):
            continue


def _memory_mb(folder: Path) -> int:
    return int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024**2


def _age_s(born: int) -> int:
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) - born / os.sysconf("SC_CLK_TCK"))
