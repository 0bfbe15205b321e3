"""Each renderer in two processes, one renderer after another, on the same documents; then veraPDF judges what they made."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figure import Figure
from bench.footprint import proportional_megabytes
from bench.renderers import chromium, espace, openhtmltopdf
from bench.renderers.content import KINDS, LETTER, STATEMENT, materials, numbered_requests
from espace_embedded.settings import BUILD, ROOT
from espace_embedded.verapdf import Flavour, validate

PROCESSES = 2
SECONDS = 8.0
FLAVOURS: dict[Flavour, str] = {"3a": "A-3a", "ua1": "UA-1"}
TARGETS = {LETTER: 50, STATEMENT: 12}
PACKAGES = Path(__file__).with_name("requirements.lock")


@dataclass
class Reached:
    """What a renderer reached with one kind of document. ``memory`` of all its processes, in MB, shared pages counted once."""

    renderer: str
    kind: str
    rate: float
    memory: float
    pdf: Path
    conforms: dict[Flavour, bool] = field(default_factory=dict)

    def figure(self) -> Figure:
        verdicts = ", ".join(f"{name} {'yes' if self.conforms[flavour] else 'no'}" for flavour, name in FLAVOURS.items())
        ours = self.renderer == "eSpace"
        what = f"{'' if ours else '  beside: '}{self.renderer}, {self.kind}s ({verdicts}; {self.memory:,.0f} MB)"
        return Figure(what, self.rate, f"{self.kind.split()[-1]}s/s", TARGETS[self.kind] if ours else None, at_least=True)


async def measure_renderers() -> list[Figure]:
    """Two figures a renderer; one that cannot run here is left out, and a sentence says why."""
    with tempfile.TemporaryDirectory(prefix="espace-renderers-") as name:
        folder = Path(name)
        for kind in KINDS:
            materials(kind, folder / kind)
        reached = [*await _ours(folder), *_others(folder)]
        for flavour in FLAVOURS:
            for one, verdict in zip(reached, validate([one.pdf for one in reached], flavour), strict=True):
                one.conforms[flavour] = verdict.compliant
    return [one.figure() for one in sorted(reached, key=lambda one: KINDS.index(one.kind))]


async def _ours(folder: Path) -> list[Reached]:
    reached = []
    async with espace.running(folder) as rendering:
        for kind in KINDS:
            rate, last = await rendering.rate(numbered_requests(kind), SECONDS)
            pdf = folder / kind / "eSpace.pdf"
            pdf.write_bytes(last.pdf)
            reached.append(Reached("eSpace", kind, rate, proportional_megabytes(os.getpid(), itself=False), pdf))
    return reached


def _others(folder: Path) -> Iterator[Reached]:
    def python(module: str, packages: str = "") -> Callable[[Path, Path], list[str]]:
        path = f"{ROOT}:{packages}" if packages else str(ROOT)
        return lambda materials, pdf: [
            "env",
            f"PYTHONPATH={path}",
            sys.executable,
            "-m",
            "bench.renderers.child",
            module,
            str(materials),
            str(pdf),
        ]

    renderers = {"plain WeasyPrint": python("plain_weasyprint"), "Typst": python("typst", str(_packages()))}
    if chromium.PROGRAM:
        renderers["Chromium"] = python("chromium")
    else:
        print("  Chromium is left out: it is not on this machine (Debian: apt-get install chromium).")
    renderers["openhtmltopdf"] = lambda materials, pdf: openhtmltopdf.command(materials, pdf, folder / "classes")
    for name, command in renderers.items():
        for kind in KINDS:
            pdfs = [folder / kind / f"{name}-{number}.pdf" for number in range(PROCESSES)]
            rate, memory = _together([command(folder / kind, pdf) for pdf in pdfs])
            yield Reached(name, kind, rate, memory, pdfs[0])


def _packages() -> Path:
    """The bench's own Python packages, which no part of the eSpace needs: in a folder of their own, as pinned."""
    folder = BUILD / f"bench-packages-{PACKAGES.read_text().split()[0]}"
    if not folder.exists():
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*install, "--target", str(folder), "-r", str(PACKAGES)], check=True)
    return folder


def _together(commands: Sequence[list[str]]) -> tuple[float, float]:
    """Documents a second of all, and the memory of all in MB."""
    with ExitStack() as stack:
        processes = [stack.enter_context(_started(command)) for command in commands]
        for process in processes:
            assert _heard(process) == "ready"
        for process in processes:
            assert process.stdin
            process.stdin.write(f"{SECONDS}\n")
            process.stdin.flush()
        rate = sum(int(made) / float(seconds) for made, seconds in (_heard(process).split() for process in processes))
        return rate, sum(proportional_megabytes(process.pid) for process in processes)


@contextmanager
def _started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def _heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    if line := process.stdout.readline().strip():
        return line
    raise RuntimeError(
        f"A renderer ended with {process.wait()}: {' '.join(map(str, process.args if isinstance(process.args, list) else []))}"
    )
