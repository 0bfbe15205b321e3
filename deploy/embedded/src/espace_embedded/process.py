import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_DELAY_S = 0.3
LONGEST_DELAY_S = 10.0
ASK_EVERY_S = 0.1
GRACE_S = 12.0  # a service has 10 s to finish what is in flight
LOG_LIMIT_BYTES = 10_000_000
ENDINGS_THAT_PROVE_IT_BROKEN = 3

Tell = Callable[[str], None]
"""Takes one line for the person who watches."""


class NotReady(Exception):
    """A part did not become ready; the text names its log and ends with its last lines."""


@dataclass(frozen=True)
class Plan:
    """How one part is started: its command, the variables on top of ours, its log, and the question whether it is ready."""

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_within_s: float = 60.0


class Process:
    """One supervised child process in its own process group: started again when it crashes, waiting longer until it is ready."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self.plan = plan
        self._tell = tell
        self._child: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._endings = 0  # since it was last ready

    @property
    def pid(self) -> int | None:
        """The child's process id; None while it is not running."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def start(self, *lives: Mapping[str, str]) -> None:
        """Starts it and keeps it running until stop(). `lives`: variables on top, for this start, the one after a crash, and so on."""
        self._endings = 0
        following = iter(lives)
        self._child = await self._spawn(next(following, {}))
        self._keeper = asyncio.create_task(self._keep(self._child, following), name=f"keeper of {self.plan.name}")

    async def wait_ready(self) -> None:
        """Returns when it is ready. Raises NotReady when it keeps ending or takes too long."""
        limit = time.monotonic() + self.plan.ready_within_s
        while not (self.pid and await self.plan.ready()):
            if self._endings >= ENDINGS_THAT_PROVE_IT_BROKEN:
                raise NotReady(f"{self.plan.name} ends again and again. {self._last_words()}")
            if time.monotonic() > limit:
                raise NotReady(f"{self.plan.name} is not ready after {self.plan.ready_within_s:.0f} s. {self._last_words()}")
            await asyncio.sleep(ASK_EVERY_S)
        self._endings = 0

    async def kill(self) -> None:
        """SIGKILL, and returns when it is gone; the supervisor starts it again."""
        if self._child:
            _kill_group(self._child.pid)
            await self._child.wait()

    async def stop(self) -> None:
        """SIGTERM, SIGKILL after 12 s; returns when it is gone and does not start it again."""
        child, keeper, self._child, self._keeper = self._child, self._keeper, None, None
        if child is None or keeper is None:
            return
        keeper.cancel()
        await asyncio.wait([keeper])
        if child.returncode is None:
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), GRACE_S)
        except TimeoutError:
            self._tell(f"{self.plan.name} did not end within {GRACE_S:.0f} s and was killed")
        _kill_group(child.pid)
        await child.wait()

    async def _spawn(self, extra: Mapping[str, str]) -> asyncio.subprocess.Process:
        self.plan.log.parent.mkdir(parents=True, exist_ok=True)
        if self.plan.log.exists() and self.plan.log.stat().st_size > LOG_LIMIT_BYTES:
            self.plan.log.replace(self.plan.log.with_suffix(".log.1"))
        with self.plan.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *_ends_with_us(),
                *self.plan.command,
                env={**os.environ, **self.plan.environment, **extra},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _keep(self, child: asyncio.subprocess.Process, lives: Iterator[Mapping[str, str]]) -> None:
        while True:
            code = await child.wait()
            _kill_group(child.pid)
            delay = min(FIRST_DELAY_S * 2**self._endings, LONGEST_DELAY_S)
            self._endings += 1
            self._tell(f"{self.plan.name} ended ({_reason(code)}); starting it again in {delay:.1f} s")
            await asyncio.sleep(delay)
            self._child = child = await self._spawn(next(lives, {}))
            await self._tell_when_back(child)

    async def _tell_when_back(self, child: asyncio.subprocess.Process) -> None:
        """Returns when it is ready, or has ended before."""
        while child.returncode is None:
            if await self.plan.ready():
                self._endings = 0
                self._tell(f"{self.plan.name} is ready again")
                return
            await asyncio.sleep(ASK_EVERY_S)

    def _last_words(self) -> str:
        lines = self.plan.log.read_text(errors="replace").splitlines()[-15:] if self.plan.log.exists() else []
        return "\n".join([f"The end of its log {self.plan.log}:", *lines])


def _ends_with_us() -> list[str]:
    """On Linux the kernel kills a part whose supervisor was killed: nobody would be left to end it if it hung."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _kill_group(leader: int) -> None:
    """Ends a part at once, with all it has started."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _reason(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with code {code}"
