"""`python -m espace_contracts.generate` writes contracts/schemas and contracts/asyncapi.yaml; needs the extra `generate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
import yaml

from espace_contracts.events import published_events
from espace_contracts.generate.asyncapi import asyncapi
from espace_contracts.generate.schemas import schema_of

CONTRACTS = Path(__file__).parents[3]
COMMAND = "python -m espace_contracts.generate"


def published() -> dict[Path, str]:
    """Every generated file with its text."""
    files = {
        CONTRACTS / "schemas" / f"{name}.json": json.dumps(schema_of(contract), indent=2, ensure_ascii=False) + "\n"
        for name, contract in published_events().items()
    }
    document = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=140)
    return files | {CONTRACTS / "asyncapi.yaml": f"# Written by {COMMAND}: change the contracts, not this file.\n{document}"}


def generate(*, check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a file is not current.")] = False) -> None:
    """Write the JSON Schemas and the AsyncAPI document of the contracts."""
    wanted = published()
    there = (CONTRACTS / "asyncapi.yaml", *CONTRACTS.glob("schemas/*.json"))
    written = {file: file.read_text(encoding="utf-8") for file in there if file.exists()}
    differing = sorted(file for file in wanted.keys() | written.keys() if wanted.get(file) != written.get(file))
    if check and differing:
        names = ", ".join(str(file.relative_to(CONTRACTS)) for file in differing)
        typer.echo(f"These files no longer say what the contracts say: {names}. Run {COMMAND} and commit what it writes.", err=True)
        raise typer.Exit(1)
    for file in differing:
        if file in wanted:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
        else:
            file.unlink()


if __name__ == "__main__":
    typer.run(generate)
