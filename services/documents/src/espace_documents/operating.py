"""What operators do with the service's data: `python -m espace_documents trace <reference>` for what became of a document,
`erase <insured>`, and `rewrap` after a change of the archive's key. All act on the store, with the environment and the secrets of the
service, whether it runs or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from pymongo.errors import PyMongoError

from espace_contracts.vocabulary import InsuredId
from espace_documents.domain.document import Document
from espace_documents.domain.evidence import Step, evidence_of, latest_of
from espace_documents.domain.reference import reference_read
from espace_documents.settings import Settings
from espace_documents.wiring import erasing, person_keys, stored_documents
from espace_kernel.logs import start_logs
from espace_kernel.service import Kernel

T = TypeVar("T")
commands = typer.Typer()

Reference = Annotated[str, typer.Argument(help="what is printed at the foot of each page, such as D-7F3K-2M9Q-XB4A")]
Insured = Annotated[UUID, typer.Argument(help="the person's insured id, never the matricule")]
Sure = Annotated[bool, typer.Option("--yes", help="do not ask again")]


@commands.command()
def trace(reference: Reference) -> None:
    """Tell what became of a document, by the reference printed on it: its id, type, channel and state, and every step. Nothing is told of
    whose it is or what it says. Ends with 1 if there is none."""
    printed = reference_read(reference)
    if printed is None:
        typer.echo(
            "This is no reference of a document. Take the one at the foot of its pages, such as D-7F3K-2M9Q-XB4A; what begins with L is"
            " that of a letter, and stands on the sheet before it.",
            err=True,
        )
        raise typer.Exit(1)
    documents = _with_kernel(lambda kernel: stored_documents(kernel).by_reference(printed))
    if not documents:
        typer.echo(f"No document bears the reference {printed}. Read it once more; if it stays the same, it is not from here.", err=True)
        raise typer.Exit(1)
    for document in documents:
        typer.echo("\n".join(_traced(document)))


def _traced(document: Document) -> Iterator[str]:
    state = latest_of(document)
    yield f"document   {document.id}"
    yield f"reference  {document.reference}"
    yield f"type       {document.type}"
    yield f"channel    {document.channel}"
    yield f"state      {state.kind} since {_second(state.at)}"
    for what, since in (("stuck", document.stuck_since), ("erased", document.erased_at)):
        if since:
            yield f"           {what} since {_second(since)}"
    yield "steps"
    for step in evidence_of(document):
        yield f"  {_second(step.at)}  {', '.join(_said_of(step))}"


def _said_of(step: Step) -> Iterator[str]:
    yield step.kind
    if step.delivery is not None:
        yield f"delivery {step.delivery}"
    if step.rule:
        yield f"{step.rule.channel} by the rule {step.rule.value}"
    if step.letter:
        yield f"letter {step.letter}"
    if step.reminder:
        yield f"reminder {step.reminder}"
    yield from (code for code in (step.cause, step.means, step.opened_by, step.reason) if code)


def _second(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@commands.command()
def erase(insured: Insured, *, sure: Sure = False) -> None:
    """Erase a person for good: their key, so that no document of theirs can be read again; their file, their choice of eDelivery. Harmless
    to repeat. Ends with 1 if nobody with this id is known here."""
    if not sure:
        typer.confirm("No document of this person can ever be read again. Erase them?", abort=True)
    documents = _with_kernel(lambda kernel: erasing(kernel)(InsuredId(insured)))
    if documents is None:
        typer.echo("Nobody with this id is known here; nothing was erased. Take the insured id, not the matricule.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Erased: {documents} documents, the person's key, file and choice. The stored bytes are swept away within two hours.")


@commands.command()
def rewrap() -> None:
    """Wrap the keys of all persons with the newest master key. Harmless to repeat. Ends with 1 while some need a file that is missing."""
    result = _with_kernel(lambda kernel: person_keys(kernel).rewrap())
    typer.echo(f"{result.done} keys of persons were wrapped anew with the newest master key.")
    if result.locked:
        typer.echo(f"{result.locked} could not be opened. Put the earlier master keys back among the secrets, and repeat.", err=True)
        raise typer.Exit(1)


def _with_kernel(act: Callable[[Kernel], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = Settings()
        start_logs("documents", settings.log_level)
        kernel = Kernel("documents", settings)
        try:
            return await act(kernel)
        finally:
            await kernel.client.close()

    try:
        return asyncio.run(run())
    except PyMongoError as error:
        sentence = f"The document store cannot be reached ({type(error).__name__}). Start it, or set ESPACE_MONGODB to its address."
    except ValueError as error:  # of the settings, or of the master keys
        sentence = str(error)
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
