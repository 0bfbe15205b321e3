"""One supervised process, with scripts in place of the parts."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from espace_embedded import process
from espace_embedded.process import Plan, Process

SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from espace_embedded.process import Plan, Process

async def main():
    async def ready():
        return True
    part = Process(Plan("part", ["sleep", "600"], Path(sys.argv[1]), ready), print)
    await part.start()
    sys.stdout.write(f"{part.pid}\\n")
    sys.stdout.flush()
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def always_ready() -> bool:
    return True


def shell(script: str, folder: Path) -> Plan:
    return Plan("part", ["bash", "-c", script], folder / "part.log", always_ready)


async def gone(pid: int) -> None:
    """Returns when no process has the id."""
    async with asyncio.timeout(10):
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.01)


async def test_a_part_that_ignores_sigterm_is_killed_with_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "GRACE_S", 0.2)
    told: list[str] = []
    part = Process(shell("trap '' TERM; sleep 600 & echo $! > child; wait; wait", tmp_path), told.append)
    monkeypatch.chdir(tmp_path)
    await part.start()
    child = await written(tmp_path / "child")

    await part.stop()

    assert part.pid is None
    assert told == ["part did not end within 0 s and was killed"]
    await gone(int(child))


async def test_what_a_crashed_part_started_ends_with_it(tmp_path, monkeypatch):
    part = Process(shell("sleep 600 & echo $! > child; exit 7", tmp_path), print)
    monkeypatch.chdir(tmp_path)
    await part.start()
    await gone(int(await written(tmp_path / "child")))
    await part.stop()


async def test_a_part_that_keeps_crashing_waits_twice_as_long_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "FIRST_DELAY_S", 0.1)
    told: list[str] = []
    part = Process(Plan("part", ["false"], tmp_path / "part.log", never_ready), told.append)
    await part.start()
    with pytest.raises(process.NotReady, match="part ends again and again"):
        await part.wait_ready()
    await part.stop()
    assert told == [f"part ended (with code 1); starting it again in {delay} s" for delay in (0.1, 0.2, 0.4)]


async def test_the_parts_of_a_killed_supervisor_end_too(tmp_path):
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SUPERVISOR, str(tmp_path / "part.log"), stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout is not None
    part = int(await supervisor.stdout.readline())
    supervisor.send_signal(signal.SIGKILL)
    await supervisor.wait()
    await gone(part)


async def never_ready() -> bool:
    return False


async def written(path: Path) -> str:
    """The first line of a file, as soon as there is one."""
    async with asyncio.timeout(10):
        while not content(path).endswith("\n"):
            await asyncio.sleep(0.01)
    return content(path)


def content(path: Path) -> str:
    return path.read_text() if path.exists() else ""
