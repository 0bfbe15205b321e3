"""What operators do with the service's data: `python -m espace_documents erase <insured>`, and `rewrap` after a change of the archive's
key. Both act on the store, with the environment and the secrets of the service, whether it runs or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from pymongo.errors import PyMongoError

from espace_contracts.vocabulary import InsuredId
from espace_documents.settings import Settings
from espace_documents.wiring import erasing, person_keys
from espace_kernel.logs import start_logs
from espace_kernel.service import Kernel

T = TypeVar("T")
commands = typer.Typer()

Insured = Annotated[UUID, typer.Argument(help="the person's insured id, never the matricule")]
Sure = Annotated[bool, typer.Option("--yes", help="do not ask again")]


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
