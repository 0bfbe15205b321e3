import asyncio
from contextlib import AsyncExitStack

import httpx
import typer
from rich.console import Console

from espace_embedded.checks import CannotRun, check
from espace_embedded.demo.folders import Folders, Letter, text_of
from espace_embedded.demo.timeline import Disproved, Timeline, until
from espace_embedded.demo.visitor import Guest, Procedure, Visitor
from espace_embedded.jars import JarsUnavailable
from espace_embedded.java import BuildFailed
from espace_embedded.login import Astray, Login
from espace_embedded.parts import url
from espace_embedded.process import NotReady
from espace_embedded.runfile import RunFile
from espace_embedded.settings import Settings
from espace_embedded.stack import CommandFailed, Stack

GUESTS = (
    Guest("Sophie Hoffmann", "1983081246785", "fr", edelivery=True),
    Guest("Luc Schmit", "1990093012358", "lb", edelivery=False),
)
KINDS = ("bank_details_change", "ehic_replacement_certificate")

console = Console(highlight=False, soft_wrap=True)


def demo() -> None:
    """Shows two persons receive their documents, by eDelivery and by post; fails unless each arrives exactly once."""
    settings = Settings()
    try:
        if RunFile(settings.state).read():
            asyncio.run(_demonstrate(settings))
        else:
            check(settings)
            asyncio.run(_on_a_stack_of_its_own(settings))
    except (CannotRun, JarsUnavailable, BuildFailed, NotReady, CommandFailed, Disproved, Astray) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
        raise typer.Exit(1) from None


async def _on_a_stack_of_its_own(settings: Settings) -> None:
    console.print("The eSpace does not run, so it is started for the demonstration and stopped afterwards.")
    async with Stack(settings, lambda line: console.print(line, markup=False)) as stack:
        await stack.command("cns-core", "seed")
        await _demonstrate(settings)


async def _demonstrate(settings: Settings) -> None:
    timeline, folders = Timeline(), Folders(settings.state)
    try:
        async with AsyncExitStack() as opened:
            for guest in GUESTS:
                http = await opened.enter_async_context(httpx.AsyncClient(base_url=url(settings, "gateway"), timeout=10))
                await _visit(Visitor(guest, http, Login(settings), timeline), timeline, folders)
    finally:
        console.print(timeline.table)
    console.print(f"Each of the {len(GUESTS) * len(KINDS)} documents arrived once. Open the PDFs in {folders.kept}.")


async def _visit(visitor: Visitor, timeline: Timeline, folders: Folders) -> None:
    """One guest's visit, to its end: every procedure's document arrived exactly once, by the channel that the guest chose."""
    switched = await visitor.arrives(folders.new_code)
    procedures = [await visitor.submits(kind) for kind in KINDS]
    for procedure in procedures:
        await visitor.sees_closed(procedure)
    for procedure in procedures:
        if visitor.guest.edelivery:
            await _comes_to_the_espace(procedure, visitor, timeline, folders)
        else:
            await _goes_to_the_printer(procedure, visitor.guest, timeline, folders)
    if visitor.guest.edelivery:
        await _is_noticed(visitor.guest, len(procedures) + switched, timeline, folders)
    with timeline.step("count again", visitor.guest.name) as step:
        for procedure in procedures:
            await _arrived_once(procedure, visitor, folders)
        step.what = "each document exactly once, by its one channel"


async def _comes_to_the_espace(procedure: Procedure, visitor: Visitor, timeline: Timeline, folders: Folders) -> None:
    with timeline.step("receive", visitor.guest.name) as step:
        (document, *_) = await until(lambda: visitor.documents(procedure), f"No document about {procedure.reference} came to the eSpace")
        step.what = f"{document['title']}, {document['reference']}"
    with timeline.step("download", visitor.guest.name) as step:
        file = folders.keep(f"edelivery-{document['type']}-{document['reference']}", await visitor.downloads(document))
        step.what = f"{file}, SHA-256 as the API says"


async def _goes_to_the_printer(procedure: Procedure, guest: Guest, timeline: Timeline, folders: Folders) -> None:
    async def letters() -> list[Letter]:
        return folders.letters(procedure)

    with timeline.step("print run", guest.name) as step:
        (letter, *_) = await until(letters, f"No letter about {procedure.reference} came to the printer")
        if guest.name not in text_of(letter.address_sheet):
            raise Disproved(f"The address sheet {letter.address_sheet} does not name {guest.name}.")
        file = folders.keep(f"post-{procedure.reference}-letter", letter.pdf.read_bytes())
        folders.keep(f"post-{procedure.reference}-address-sheet", letter.address_sheet.read_bytes())
        step.what = f"{file} and its address sheet"


async def _is_noticed(guest: Guest, expected: int, timeline: Timeline, folders: Folders) -> None:
    """There may be more: of documents that the fund makes meanwhile, such as statements of what it settled."""

    async def enough() -> list[str]:
        came = folders.new_notices(guest)
        return came if len(came) >= expected else []

    with timeline.step("notices by e-mail", guest.name) as step:
        came = await until(enough, f"Fewer than {expected} notices came for {guest.name}")
        step.what = f"{len(came)} to {guest.email}"
    if twice := {notice for notice in came if came.count(notice) > 1}:
        raise Disproved(f"Of the notices for {guest.name}, {len(twice)} came twice. Look into the mailbox for {min(twice)}.")


async def _arrived_once(procedure: Procedure, visitor: Visitor, folders: Folders) -> None:
    in_the_espace, at_the_printer = len(await visitor.documents(procedure)), len(folders.letters(procedure))
    expected = (1, 0) if visitor.guest.edelivery else (0, 1)
    if (in_the_espace, at_the_printer) != expected:
        raise Disproved(
            f"{procedure.reference} led to {in_the_espace} documents in the eSpace and {at_the_printer} letters; "
            f"it should be {expected[0]} and {expected[1]}."
        )
