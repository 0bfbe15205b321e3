import asyncio
import os
import select
import shutil
import signal
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, NoReturn

import httpx
import typer
from rich.console import Console
from rich.table import Table

from espace_embedded.checks import CannotRun, check
from espace_embedded.demo import demo
from espace_embedded.jars import JarsUnavailable
from espace_embedded.java import BuildFailed
from espace_embedded.login import SESSION_COOKIE, Astray, Identity, Login
from espace_embedded.parts import FOUNDATIONS, SERVICES, url
from espace_embedded.process import NotReady
from espace_embedded.report import report
from espace_embedded.runfile import RunFile
from espace_embedded.settings import BUILD, Settings
from espace_embedded.stack import CommandFailed, Stack

app = typer.Typer(help="Runs the whole eSpace on this machine, without containers.", no_args_is_help=True, add_completion=False)
app.command()(demo)
console = Console(highlight=False, soft_wrap=True)
STOP_WITHIN_S = 120


@app.command()
def run() -> None:
    """Starts every part, follows until Ctrl-C, then stops them all."""
    settings = Settings()
    running = RunFile(settings.state).read()
    if running:
        _fail(f"The eSpace already runs as process {running.supervisor}: `make status` shows it, `make stop` ends it.")
    try:
        check(settings)
        asyncio.run(_run(settings))
    except (CannotRun, JarsUnavailable, BuildFailed, NotReady, CommandFailed) as error:
        _fail(str(error))


@app.command()
def status() -> None:
    """Shows every part; fails unless all are ready."""
    settings = Settings()
    running = RunFile(settings.state).read()
    if not running:
        _fail("The eSpace does not run: `make run` starts it.")
    reports = asyncio.run(report(settings, running))
    table = Table("part", "pid", "ready", "address", "memory", "up for")
    for part in reports:
        up = str(timedelta(seconds=part.uptime_s))
        table.add_row(part.name, str(part.pid or "-"), "yes" if part.ready else "[red]no[/]", part.address, f"{part.memory_mb} MB", up)
    console.print(table)
    expected = {*(name for name in FOUNDATIONS if name != "kafka-controller"), *(service.name for service in SERVICES)}
    if not all(part.ready for part in reports) or expected - {part.name for part in reports}:
        raise typer.Exit(1)


@app.command()
def stop() -> None:
    """Stops the running eSpace and returns when it has ended."""
    running = RunFile(Settings().state).read()
    if not running:
        console.print("The eSpace does not run.")
        return
    with suppress(ProcessLookupError):  # it has just ended by itself
        supervisor = os.pidfd_open(running.supervisor)  # which turns readable when the process ends, though it is no child of ours
        signal.pidfd_send_signal(supervisor, signal.SIGTERM)
        ended, _, _ = select.select([supervisor], [], [], STOP_WITHIN_S)
        if not ended:
            _fail(f"Process {running.supervisor} has not ended within {STOP_WITHIN_S} s: look into the terminal it runs in.")
    console.print("The eSpace has stopped.")


@app.command()
def login(
    matricule: Annotated[str, typer.Argument(help="who logs in, by the 13 digits")],
    provider: Annotated[str, typer.Option(help="luxtrust, eid or eidas")] = "luxtrust",
    level: Annotated[str, typer.Option(help="how surely they are known: low, substantial or high")] = "substantial",
) -> None:
    """Logs in to the running eSpace, and prints the header that carries the session: curl -H "$(espace login 1993102814564)" ..."""
    try:
        print(asyncio.run(_login(Settings(), Identity(matricule, provider, level))))  # noqa: T201 - for a shell to read
    except (Astray, httpx.TransportError) as error:
        _fail(str(error) if isinstance(error, Astray) else "The eSpace does not answer: `make run` starts it.")


@app.command()
def clean() -> None:
    """Removes all data of the stopped eSpace; what was fetched and built stays."""
    settings = Settings()
    running = RunFile(settings.state).read()
    if running:
        _fail(f"The eSpace runs as process {running.supervisor}: stop it first, with `make stop`.")
    doomed = [path for path in sorted(settings.state.glob("*")) if path != BUILD]
    for path in doomed:
        console.print(f"Removing {path}")
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not doomed:
        console.print(f"Nothing to remove in {settings.state}.")


async def _login(settings: Settings, identity: Identity) -> str:
    async with httpx.AsyncClient(timeout=10) as http:
        answer = await Login(settings).walk(http, identity)
    if not answer.has_redirect_location:
        raise Astray(answer.json().get("detail", answer.text))
    return f"Cookie: {SESSION_COOKIE}={answer.cookies[SESSION_COOKIE]}"


async def _run(settings: Settings) -> None:
    _end_on_signal()
    try:
        async with Stack(settings, _tell) as stack:
            await stack.command("cns-core", "seed")
            _tell("The demo persons are there")
            _welcome(settings)
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        console.print("The eSpace has stopped; its data stays for the next run.")


def _end_on_signal() -> None:
    """The first SIGINT or SIGTERM cancels this task, which stops the stack; while it stops, a second one changes nothing."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, lambda: None)
        console.print("Stopping")
        if task:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)


def _welcome(settings: Settings) -> None:
    table = Table("what", "where", box=None, show_header=False)
    for service in reversed(SERVICES):
        table.add_row(f"{service.name}, {service.about}", url(settings, service.name))
    table.add_row("Kafka", f"127.0.0.1:{settings.port_kafka}")
    table.add_row("the document store", f"mongodb://127.0.0.1:{settings.port_store}")
    table.add_row("notices by e-mail arrive in", str(settings.state / "mail"))
    table.add_row("text messages arrive in", str(settings.state / "sms"))
    table.add_row("letters for the post arrive in", str(settings.state / "print"))
    table.add_row("logs", str(settings.state / "logs"))
    console.print(table)
    console.print("The eSpace is ready. Try `make demo` in another terminal; `make status` shows every part; Ctrl-C ends it.")


def _tell(line: str) -> None:
    console.print(f"{datetime.now().astimezone():%H:%M:%S} {line}", markup=False)


def _fail(sentence: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)
    raise typer.Exit(1)
