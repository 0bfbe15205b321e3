"""`python -m espace_cns_core` serves; its commands speak to the one that serves, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn
from uuid import UUID

import httpx
import typer

from espace_cns_core.domain.sample_benefits import BENEFIT_KINDS
from espace_cns_core.main import main
from espace_cns_core.settings import Settings
from espace_contracts.vocabulary import DocumentType

app = typer.Typer(help="The stand-in for the fund's core systems, for demo and tests only.", add_completion=False)


@app.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Serves until it is told to stop; the commands need it running."""
    if context.invoked_subcommand is None:
        main()


@app.command()
def seed() -> None:
    """Puts the twelve demo persons on file. Safe to repeat."""
    answer = _post("/internal/persons/demo", {})
    typer.echo(f"{len(answer['persons'])} demo persons are on file, {answer['new']} of them new:")
    for person in answer["persons"]:
        remark = " (deceased)" if person["deceased"] else "" if person["address"] else " (no usable address)"
        typer.echo(f"  {person['matricule']}  {person['given_name']} {person['family_name']}{remark}")


@app.command()
def decide(
    procedure: UUID,
    approve: Annotated[bool, typer.Option("--approve", help="grant what was asked")] = False,
    refuse: Annotated[str | None, typer.Option(metavar="REASON", help="refuse, for the reason the person reads")] = None,
    correct: Annotated[str | None, typer.Option(metavar="REASON", help="send back, saying what to correct")] = None,
) -> None:
    """Decides on what was submitted last of a procedure."""
    chosen = {"approve": approve or None, "refuse": refuse, "correct": correct}
    actions = [action for action, value in chosen.items() if value is not None]
    if len(actions) != 1:
        _fail("Say one of --approve, --refuse REASON or --correct REASON.")
    answer = _post("/internal/decisions", {"procedure": str(procedure), "action": actions[0], "reason": refuse or correct})
    typer.echo(f"Submission {answer['submission']} of procedure {procedure} is decided: {answer['action']}.")


@app.command()
def write(procedure: UUID, text: Annotated[str, typer.Argument(help="what the person reads, in their language")]) -> None:
    """Writes to the person about an open procedure."""
    answer = _post("/internal/messages", {"procedure": str(procedure), "text": text})
    typer.echo(f"Message {answer['message']} about procedure {procedure} is sent.")


def _leads_from_a_benefit(kind: DocumentType | None) -> DocumentType | None:
    if kind is not None and kind not in BENEFIT_KINDS:
        raise typer.BadParameter(f"No benefit leads to this document. Say one of {', '.join(BENEFIT_KINDS)}.")
    return kind


@app.command()
def benefit(
    matricule: Annotated[str, typer.Argument(help="whose benefit it is")],
    kind: Annotated[
        DocumentType | None, typer.Argument(callback=_leads_from_a_benefit, help="the document it leads to; left out: one of each kind")
    ] = None,
) -> None:
    """Settles a sample benefit of a person on file, or one of each kind."""
    insured = _post("/internal/persons/search", {"matricule": matricule})["insured"]
    for each in BENEFIT_KINDS if kind is None else [kind]:
        answer = _post("/internal/benefits", {"insured": insured, "kind": each})
        typer.echo(f"Benefit {answer['benefit']} is settled: {answer['type']}.")


@app.command()
def run(
    kind: Annotated[
        DocumentType, typer.Argument(callback=_leads_from_a_benefit, help="the document that each benefit leads to")
    ] = DocumentType.REIMBURSEMENT_STATEMENT,
    count: Annotated[int, typer.Option(min=1, max=50_000, help="for how many synthetic persons")] = 1000,
    offset: Annotated[int, typer.Option(help="the number of the first of them")] = 0,
) -> None:
    """Settles a run: a sample benefit for each of many synthetic persons."""
    wanted = {"kind": kind, "count": count, "offset": offset}
    with _stand_in() as fund, fund.stream("POST", "/internal/runs", json=wanted) as answer:
        if answer.is_error:
            answer.read()
            _fail(answer.json()["detail"])
        for line in answer.iter_lines():
            step = json.loads(line)
            typer.echo(f"Run {step['run']}: {step['told']} of {step['count']} are settled.")


@contextmanager
def _stand_in() -> Iterator[httpx.Client]:
    settings = Settings()
    address = f"http://{settings.host}:{settings.port}"
    try:
        with httpx.Client(base_url=address, timeout=30) as client:
            yield client
    except httpx.TransportError:
        _fail(f"Nobody answers at {address}. Start the stack, or set ESPACE_PORT to where the stand-in listens.")


def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    with _stand_in() as fund:
        answer = fund.post(path, json=body)
    content: dict[str, Any] = answer.json()
    if answer.is_error:
        _fail(content["detail"])
    return content


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
