"""Every problem that the API can answer with, read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

NAME = re.compile(r"[a-z]+(-[a-z]+)*")
CLIENT_AND_SERVER_ERRORS = (4, 5)


def problems_in(folders: Iterable[Path]) -> Iterator[tuple[str, Json]]:
    """Every problem that the code in these folders knows, by name: its statuses and what it says, where that is always the same.

    Read from the source: a status and a name stand beside each other in a call of Problem or in a table.
    """
    found: dict[str, tuple[set[int], set[str]]] = {}
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        for status, name, says in pairs(ast.parse(file.read_text(encoding="utf-8"))):
            statuses, sentences = found.setdefault(name, (set(), set()))
            statuses.add(status)
            sentences.update({says} if says else ())
    for name, (statuses, sentences) in found.items():
        says = sentences.pop() if len(sentences) == 1 else "The detail of the answer says what happened and what to do."
        yield name, {"statuses": sorted(statuses), "says": says}


def pairs(tree: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Each status with the name and the sentence beside it."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Constant(value=int(status)), ast.Constant(value=str(name)), *rest]):
                yield from pair(status, name, rest)
            case ast.Tuple(elts=[ast.Constant(value=int(status)), ast.Constant(value=str(name)), *rest]):
                yield from pair(status, name, rest)
            case ast.Dict(keys=keys, values=values):
                for row in zip(keys, values, strict=True):
                    match row:
                        case ast.Constant(value=int(status)), ast.Tuple(elts=[ast.Constant(value=str(name)), *rest]):
                            yield from pair(status, name, rest)


def pair(status: int, name: str, rest: list[ast.expr]) -> Iterator[tuple[int, str, str | None]]:
    """The three, if a status and a name are what stands there. A sentence with changing parts counts as none."""
    if status // 100 in CLIENT_AND_SERVER_ERRORS and NAME.fullmatch(name):
        says = rest[0].value if rest and isinstance(rest[0], ast.Constant) else None
        yield status, name, says if isinstance(says, str) else None
