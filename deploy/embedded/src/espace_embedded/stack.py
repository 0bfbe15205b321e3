import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiokafka.admin import NewTopic

from espace_contracts.event import FOREVER
from espace_contracts.topics import all_topics, consumer_groups, dead_letters_of, replays_of
from espace_embedded import parts, ports, secret_files
from espace_embedded.broker import Broker
from espace_embedded.java import prepare
from espace_embedded.parts import SERVICES, Service
from espace_embedded.process import Plan, Process, Tell
from espace_embedded.runfile import RunFile
from espace_embedded.settings import BUILD, Settings
from espace_embedded.store import Store


class CommandFailed(Exception):
    """A command of a service ended with an error; the text is what it printed."""


class Stack:
    """The whole eSpace on this machine: broker, store, the sinks of e-mails and text messages, and services, while the context lasts.

    async with Stack(Settings.on_free_ports(folder)) as stack:
        await stack.kill("documents")
        await stack.wait_ready("documents")
    """

    def __init__(self, settings: Settings, tell: Tell = print, services: Sequence[Service] = SERVICES) -> None:
        self.settings = settings
        self._tell = tell
        self._services = {service.name: service for service in services}
        self._parts: dict[str, Process] = {}
        self._run_file = RunFile(settings.state)

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        await self._stop()

    def url(self, service: str) -> str:
        """Where a service answers HTTP."""
        return parts.url(self.settings, service)

    def pid(self, part: str) -> int | None:
        """The process id of a part; None while it is not running."""
        return self._parts[part].pid

    async def kill(self, part: str) -> None:
        """SIGKILL for a part and all it started; the supervisor starts it again."""
        await self._parts[part].kill()

    async def restart(self, part: str, *lives: Mapping[str, str]) -> None:
        """Stops a part, starts it, returns when it is ready. `lives`: variables for this start, for the one after a crash, and so on."""
        await self._parts[part].stop()
        await self._parts[part].start(*lives)
        await self._parts[part].wait_ready()

    async def wait_ready(self, *names: str) -> None:
        """Returns when the named parts, or all, are ready. Raises NotReady."""
        for name in names or self._parts:
            await self._parts[name].wait_ready()

    async def command(self, service: str, *arguments: str) -> str:
        """Runs a command of a service beside it, as `python -m espace_cns_core seed`, and returns what it printed. Raises CommandFailed."""
        row = self._services[service]
        variables = self._parts[service].plan.environment
        process = await asyncio.create_subprocess_exec(
            *row.command_line(),
            *arguments,
            env={**os.environ, **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise CommandFailed(f"{service} {' '.join(arguments)} failed:\n{output.decode(errors='replace')}")
        return output.decode(errors="replace")

    async def _start(self) -> None:
        started = time.monotonic()
        self._told("Starting Kafka, the document store and the sinks of e-mails and text messages")
        java = await asyncio.to_thread(prepare, BUILD, self._tell)
        state = self.settings.state
        secret_files.make_missing(state / "secrets", self._services.keys() - parts.OUTSIDERS)
        broker = Broker(java, state / "kafka", (self.settings.port_kafka, self.settings.port_kafka_controller), self._told)
        store = Store(java, state / "store", self.settings.port_store, self._told)
        await self._start_parts(broker, store, self._mail(), self._sms())
        await broker.create(*_topics())
        self._told(f"Kafka, the document store and the sinks are ready after {time.monotonic() - started:.1f} s")
        await self._start_parts(*[self._service(service) for service in self._services.values()])
        self._told(f"Every part is ready after {time.monotonic() - started:.1f} s")

    async def _start_parts(self, *processes: Process) -> None:
        for process in processes:
            self._parts[process.plan.name] = process
        await asyncio.gather(*[process.start() for process in processes])
        await self.wait_ready(*[process.plan.name for process in processes])

    async def _stop(self) -> None:
        for name, process in reversed(self._parts.items()):
            await process.stop()
            self._told(f"{name} stopped")
        self._parts.clear()
        self._run_file.remove()

    def _mail(self) -> Process:
        state = self.settings.state
        return self._sink("mail", self.settings.port_mail, state / "mail", state / "bounces")

    def _sms(self) -> Process:
        return self._sink("sms", self.settings.port_sms, self.settings.state / "sms")

    def _sink(self, name: str, port: int, *folders: Path) -> Process:
        command = [sys.executable, "-m", f"espace_embedded.{name}", str(port), *map(str, folders)]
        return Process(Plan(name, command, self._log(name), lambda: ports.answers(port)), self._told)

    def _service(self, service: Service) -> Process:
        port, variables = self.settings.port(service.name), parts.environment(self.settings, service)
        return Process(
            Plan(service.name, service.command_line(), self._log(service.name), lambda: ports.says_ready(port), variables), self._told
        )

    def _log(self, part: str) -> Path:
        return self.settings.state / "logs" / f"{part}.log"

    def _told(self, line: str) -> None:
        """Each notable change comes by here, so the run file is as current as what was told."""
        self._run_file.write({name: process.pid for name, process in self._parts.items()})
        self._tell(line)


def _topics() -> list[NewTopic]:
    rows = [(topic.name, topic.partitions, topic.retention_ms) for topic in all_topics()]
    rows += [(name_of(group), 1, FOREVER) for group in consumer_groups() for name_of in (dead_letters_of, replays_of)]
    return [NewTopic(name, partitions, 1, topic_configs={"retention.ms": str(kept)}) for name, partitions, kept in rows]
