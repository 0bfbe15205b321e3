"""The operator's command for dead letters: `python -m espace_kernel list|show|replay|discard --group documents`."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from pymongo.errors import PyMongoError

from espace_contracts.topics import consumer_groups
from espace_kernel.dead_letters import DeadLetters
from espace_kernel.settings import ServiceSettings
from espace_kernel.store import Document, connect

T = TypeVar("T")
app = typer.Typer(
    help="Dead letters: messages a service could not handle. Their content is personal and is never printed.", no_args_is_help=True
)

Group = Annotated[str, typer.Option("--group", "-g", help="whose dead letters: " + ", ".join(consumer_groups()))]
Origin = Annotated[str, typer.Argument(help="a dead letter's origin, as `list` prints it: topic:partition:offset")]
By = Annotated[str, typer.Option("--by", help="who decides; kept on file", default_factory=getpass.getuser)]


def _with(group: str, act: Callable[[DeadLetters], Awaitable[T]]) -> T:
    if group not in consumer_groups():
        raise typer.BadParameter(f"There is no group {group}. Choose one of {', '.join(consumer_groups())}.")

    async def run() -> T:
        async with connect(ServiceSettings(port=0).mongodb) as client:
            collection = client[f"espace_{group.replace('-', '_')}"]["dead_letters"]
            return await act(DeadLetters(collection, group, wake=lambda _collection, _id: None))

    try:
        return asyncio.run(run())
    except PyMongoError as error:
        typer.echo(
            f"The document store cannot be reached ({type(error).__name__}). Start it, or set ESPACE_MONGODB to its address.", err=True
        )
        raise typer.Exit(1) from None


def _line(letter: Document) -> str:
    first: dict[str, Any] = letter["history"][0]
    kind = next((bytes(value).decode(errors="replace") for name, value in letter["headers"] if name == "ce_type"), "no type")
    return f"{letter['_id']}  {first['at']:%Y-%m-%d %H:%M:%S}Z  {letter['reason']}  {kind}  {letter['sentence']}"


@app.command("list")
def list_(group: Group) -> None:
    """What waits for a decision, oldest first."""
    letters: Sequence[Document] = _with(group, lambda found: found.waiting())
    for letter in letters:
        typer.echo(_line(letter))
    typer.echo(f"{len(letters)} waiting in {group}-dlt")


@app.command()
def show(origin: Origin, group: Group) -> None:
    """One dead letter with its attributes and history, without its content."""
    letter = _with(group, lambda found: found.collection.find_one({"_id": origin}, {"value": 0, "key": 0, "outbox": 0}))
    if letter is None:
        raise typer.BadParameter(f"There is no dead letter {origin} in {group}-dlt. See `list`.")
    typer.echo(_line(letter))
    for name, value in letter["headers"]:
        typer.echo(f"  {name}: {bytes(value).decode(errors='replace')}")
    for note in letter["history"]:
        typer.echo(f"  {note['at']:%Y-%m-%d %H:%M:%S}Z {note['what']} {note.get('by', '')} {note.get('why', '')}".rstrip())


@app.command()
def replay(
    group: Group,
    origin: Annotated[str | None, typer.Argument(help="one dead letter; leave out with --all")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="every dead letter that waits")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be replayed")] = False,
    by: By,
) -> None:
    """Send dead letters to this group again, to it alone. Harmless to repeat: an effect that happened is recognised."""
    if (origin is None) == (not everything):
        raise typer.BadParameter("Name one dead letter, or say --all.")

    async def act(found: DeadLetters) -> list[tuple[str, bool]]:
        origins = [letter["_id"] for letter in await found.waiting()] if everything else [str(origin)]
        return [(each, dry_run or await found.replay(each, by)) for each in origins]

    outcomes = _with(group, act)
    for each, done in outcomes:
        typer.echo(f"{each}  {'would be replayed' if dry_run else 'replayed' if done else 'does not wait: nothing done'}")
    if not all(done for _, done in outcomes):
        raise typer.Exit(1)


@app.command()
def discard(origin: Origin, group: Group, why: Annotated[str, typer.Option("--why", help="the reason; kept on file")], by: By) -> None:
    """Decide that a dead letter needs nothing more."""
    if not _with(group, lambda found: found.discard(origin, by, why)):
        raise typer.BadParameter(f"No dead letter {origin} waits in {group}-dlt. See `list`.")
    typer.echo(f"{origin}  discarded")


if __name__ == "__main__":
    app()
