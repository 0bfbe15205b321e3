"""The life of a service: build it from its wiring, serve HTTP, handle events, and stop so that nothing in flight is lost."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import uvicorn
import uvloop
from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from starlette.types import ASGIApp

from espace_contracts.event import Event
from espace_contracts.topics import replays_of
from espace_kernel.access import TokenVerifier, keys_from
from espace_kernel.aggregate import Aggregate
from espace_kernel.attempt import Attempts
from espace_kernel.consumer import RETRY_LADDER, Consumer
from espace_kernel.dead_letters import DeadLetters
from espace_kernel.health import Health, health_routes
from espace_kernel.http import instrument
from espace_kernel.idempotency import RememberedAnswers
from espace_kernel.logs import logger, start_logs
from espace_kernel.problems import install_problems
from espace_kernel.relay import Relay
from espace_kernel.settings import ServiceSettings
from espace_kernel.store import AggregateStore, Document, connect
from espace_kernel.subscriptions import Subscriptions
from espace_kernel.sweeper import Sweeper
from espace_kernel.tracing import start_tracing
from espace_kernel.watching import Watch

log = logger()

_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own telemetry would carry addresses and messages, and with them personal data; the kernel's carries neither."""
_STOP_SECONDS = 9.5
"""How long a stop may take in all; the promise is 10 s."""

A = TypeVar("A", bound=Aggregate)


class Kernel:
    """What the mechanism offers to a service's wiring. A part comes to life only if the service uses it."""

    def __init__(self, name: str, settings: ServiceSettings) -> None:
        self.name, self.settings = name, settings
        self.health = Health()
        self.verifier = TokenVerifier(keys_from(settings.identity_url))

    @cached_property
    def client(self) -> AsyncMongoClient[Document]:
        """The connection to the document store."""
        return connect(self.settings.mongodb)

    @cached_property
    def database(self) -> AsyncDatabase[Document]:
        """The service's own database; no other service reads it."""
        return self.client[f"espace_{self.name.replace('-', '_')}"]

    @cached_property
    def relay(self) -> Relay:
        """The only producer of the service."""
        return Relay(self.settings.kafka, self.health)

    def aggregates(self, collection: str, kind: type[A], contract_of: Callable[[Any], Event]) -> AggregateStore[A]:
        """A store of aggregates whose events the relay sends. `contract_of` turns the service's domain events into contracts."""
        store = AggregateStore(self.database[collection], kind, contract_of=contract_of, wake=self.relay.wake)
        self.relay.watch(store.collection)
        return store

    @cached_property
    def answers(self) -> RememberedAnswers:
        """What was answered to creating requests."""
        return RememberedAnswers(self.database["answers"])

    def dead_letters(self, group: str) -> DeadLetters:
        """What this service could not handle."""
        letters = DeadLetters(self.database["dead_letters"], group, self.relay.wake)
        self.relay.watch(letters.collection)
        return letters


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """What a service consists of; made by the `wire(kernel)` of its wiring.py."""

    routers: Sequence[APIRouter] = ()
    subscriptions: Subscriptions[Any] | None = None
    watches: Subscriptions[Any] | None = None
    """What every replica hears live, from its start on; nothing may depend on it. See Watch."""
    use_cases: Any = None
    prepare: Callable[[], Awaitable[None]] | None = None
    """Runs before anything else: indexes, migrations. Safe to repeat."""
    running: Sequence[AbstractAsyncContextManager[Any]] = ()
    """Parts with a life of their own (pools, loops): entered before the first event, left after the last."""
    sweepers: Sequence[Sweeper] = field(default=())
    remembers_answers: bool = False
    """True when routes of the service use Idempotency-Key."""
    let_go: Callable[[], None] = lambda: None
    """Called first when the service stops: ends the answers that would not end by themselves."""
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app
    """Put around the whole HTTP side: what every answer passes last, those to defects included."""


def application(kernel: Kernel, wiring: Wiring) -> FastAPI:
    """The HTTP side of a service, without its life: what tests call directly."""
    app = FastAPI(
        title=kernel.name, openapi_url="/internal/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=_SILENT
    )
    app.state.verifier = kernel.verifier
    if wiring.remembers_answers:
        app.state.answers = kernel.answers
    install_problems(app)
    app.include_router(health_routes(kernel.health))
    for router in wiring.routers:
        app.include_router(router)
    instrument(app, kernel.settings.body_limit)
    return app


@asynccontextmanager
async def working(kernel: Kernel, wiring: Wiring, retry_ladder: tuple[float, ...] = RETRY_LADDER) -> AsyncIterator[None]:
    """Everything but HTTP, alive: on leaving, events in flight are finished and what was recorded is sent."""
    consumer: Consumer | None = None
    if wiring.subscriptions is not None:
        group = wiring.subscriptions.group
        attempts = Attempts(wiring.subscriptions, wiring.use_cases, kernel.dead_letters(group), retry_ladder)
        topics = (*wiring.subscriptions.topics, replays_of(group))
        consumer = Consumer(kernel.settings, group, topics, attempts, kernel.health)
    async with contextlib.AsyncExitStack() as stack:
        if "client" in kernel.__dict__:
            stack.push_async_callback(kernel.client.close)
        if wiring.prepare is not None:
            await wiring.prepare()
        if "relay" in kernel.__dict__:
            kernel.relay.start()
            stack.push_async_callback(kernel.relay.stop)
        for part in wiring.running:
            await stack.enter_async_context(part)
        old_answers = [Sweeper("old answers", kernel.answers.forget_old, every_seconds=3600)] if wiring.remembers_answers else []
        sweeping = [asyncio.create_task(sweeper.run(), name=sweeper.name) for sweeper in (*wiring.sweepers, *old_answers)]
        stack.callback(lambda: [task.cancel() for task in sweeping])
        if consumer is not None:
            kernel.health.obstruct("consumer", "The service is joining its consumer group.")
            await consumer.start()
            stack.push_async_callback(consumer.stop)
        if wiring.watches is not None:
            watch = Watch(kernel.settings, wiring.watches, wiring.use_cases, kernel.health)
            watch.start()
            stack.push_async_callback(watch.stop)
        kernel.health.clear("start")
        yield
        kernel.health.obstruct("stop", "The service is stopping.")


KEPT_OPEN_S = 75
"""How long a connection may idle: longer than any of our clients keeps one (httpx: 5 s), so that none sends into a closing one."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the service decides the order of its end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        """Answer what is being answered, then stop listening."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        """Renews the time in the answers each second. uvicorn's own loop looks for its end ten times a second, idle or not."""
        for second in itertools.count():
            if await self.on_tick(10 * second):
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._ending.wait()


async def _live(kernel: Kernel, wire: Callable[[Kernel], Wiring]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    life = asyncio.create_task(_serve(kernel, wire(kernel), stop), name="life")
    stopping = asyncio.create_task(stop.wait(), name="stopping")
    await asyncio.wait((life, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if "start" in kernel.health.obstacles:
        life.cancel()  # still waiting for a broker or a store: nothing is in flight
    await asyncio.wait((life,), timeout=_STOP_SECONDS)
    if not life.done():
        log.error("the service did not stop in time; what was in flight is delivered again to whoever comes next")
        os._exit(1)
    if not life.cancelled():
        life.result()


async def _serve(kernel: Kernel, wiring: Wiring, stop: asyncio.Event) -> None:
    settings = kernel.settings
    config = uvicorn.Config(
        wiring.around(application(kernel, wiring)), host=settings.host, port=settings.port, access_log=False, log_config=None,
        lifespan="off", proxy_headers=False, timeout_keep_alive=KEPT_OPEN_S, timeout_graceful_shutdown=3,
        server_header=False, h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    server = _Server(config)
    listening = asyncio.create_task(server.serve(sockets=[_bound(settings.host, settings.port)]), name="http")
    try:
        async with working(kernel, wiring):
            log.info("the service is ready", port=settings.port)
            await stop.wait()
            wiring.let_go()
            server.end()
            await listening
    finally:
        server.end()
        await listening
    log.info("the service has stopped")


def _bound(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048, reuse_port=False)
    except OSError as error:
        raise SystemExit(f"Port {port} on {host} is taken ({error.strerror}). Free it, or set ESPACE_PORT to another.") from None


def serve(name: str, settings: ServiceSettings, wire: Callable[[Kernel], Wiring]) -> None:
    """Run a service until SIGTERM or Ctrl-C. What is in flight then is finished and committed within 10 s."""
    start_logs(name, settings.log_level)
    start_tracing(name)

    async def main() -> None:
        await _live(Kernel(name, settings), wire)

    uvloop.run(main())
