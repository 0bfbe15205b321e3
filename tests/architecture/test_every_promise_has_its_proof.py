"""docs/product.md and the code agree: each promise names where it is kept and a test that proves it, or says that it is open.

A proof is `path/of/test_file.py` or `path/of/test_file.py::test_name`. Where a promise is kept is `part/room/file` of that part's source,
or `METHOD /address` of the public API.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISES = ROOT / "docs/product.md"
API = ROOT / "services/gateway/src/espace_gateway/assets/openapi.json"
HEADING = ("promise", "where", "proof")
OPEN = "*open*"
DOCUMENTS_OF_THE_PAGE = 15
SOURCES = [
    source
    for parts in ("contracts", "kernel", "services/*", "deploy/embedded", "deploy/embedded/*")
    for source in ROOT.glob(f"{parts}/src")
]


@dataclass(frozen=True)
class Row:
    """One promise as the page of promises writes it."""

    promise: str
    where: str
    proof: str

    @property
    def is_open(self) -> bool:
        return OPEN in self.proof

    @property
    def faults(self) -> Iterator[str]:
        """What this row claims and the tree does not hold."""
        proofs = written(self.proof)
        if self.is_open == bool(proofs):
            yield f"has neither a test nor {OPEN}" if not proofs else f"is proven and {OPEN} at once"
        if not self.is_open and not written(self.where):
            yield "does not say where it is kept"
        yield from (f"names {proof}, which is no test here" for proof in proofs if not is_test(proof))
        yield from (f"names {place}, which is not there" for place in written(self.where) if not is_there(place))


def test_every_promise_is_kept_where_it_says_and_proven_by_a_test_that_exists() -> None:
    faults = [f"“{row.promise}” {fault}." for row in rows_in(PROMISES.read_text(encoding="utf-8")) for fault in row.faults]
    assert not faults, "docs/product.md:\n" + "\n".join(faults)


def test_each_of_the_funds_documents_has_its_row() -> None:
    numbers = [found[1] for row in rows_in(PROMISES.read_text(encoding="utf-8")) if (found := re.match(r"Document (\d+):", row.promise))]
    assert numbers == [str(number) for number in range(1, DOCUMENTS_OF_THE_PAGE + 1)]


@pytest.mark.parametrize(
    ("where", "proof", "fault"),
    [
        ("`records/api/me.py`", "", "has neither"),
        ("`records/api/me.py`", "a claim", "has neither"),
        ("`records/api/me.py`", "`tests/architecture/test_every_promise_has_its_proof.py`, *open*", "at once"),
        ("nowhere", "`tests/architecture/test_every_promise_has_its_proof.py`", "does not say where"),
        ("`records/api/you.py`", "*open*", "is not there"),
        ("`GET /api/v1/you`", "*open*", "is not there"),
        ("`records/api/me.py`", "`tests/architecture/test_nothing.py`", "is no test here"),
        ("`records/api/me.py`", "`tests/architecture/test_every_promise_has_its_proof.py::test_nothing`", "is no test here"),
        ("`records/api/me.py`", "`docs/product.md`", "is no test here"),
    ],
)
def test_a_row_that_claims_too_much_is_found(where: str, proof: str, fault: str) -> None:
    [row] = rows_in(f"| promise | where | proof |\n|---|---|---|\n| A promise | {where} | {proof} |\n")
    assert [fault in found for found in row.faults] == [True]


def test_a_row_that_is_kept_proven_or_open_is_passed_over() -> None:
    mine = f"tests/architecture/{Path(__file__).name}"
    text = f"""
| promise | where | proof |
|---|---|---|
| A promise | `records/api/me.py`, `GET /api/v1/me` | `{mine}`, `{mine}::test_a_row_that_is_kept_proven_or_open_is_passed_over` |
| Another | not yet | *open* |

| other | table |
|---|---|
| one | `nowhere.py` |
"""
    rows = list(rows_in(text))
    assert [row.promise for row in rows] == ["A promise", "Another"]
    assert [fault for row in rows for fault in row.faults] == []


def rows_in(text: str) -> Iterator[Row]:
    """The rows of every table of promises."""
    of_promises = False
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|")) if line.startswith("|") else ()
        if not cells:
            of_promises = False
        elif cells == HEADING:
            of_promises = True
        elif of_promises and set(cells) != {"---"}:
            yield Row(*cells)


def written(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def is_test(proof: str) -> bool:
    """Whether the file is a test of this tree, and holds the test that is named."""
    path, _, name = proof.partition("::")
    file = ROOT / path
    return file.name.startswith("test_") and file.is_file() and (not name or name in names_of_tests_in(file))


def is_there(place: str) -> bool:
    """Whether an operation is in the API's description, or a file in a part's source."""
    method, _, address = place.partition(" ")
    if address:
        return method.lower() in described().get(address, ())
    part, _, path = place.partition("/")
    return any((source / f"espace_{part}" / path).exists() for source in SOURCES)


@cache
def names_of_tests_in(file: Path) -> frozenset[str]:
    """The tests of a file by name."""
    functions = [
        node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return frozenset(function.name for function in functions if function.name.startswith("test_"))


@cache
def described() -> dict[str, frozenset[str]]:
    """The methods of each address of the public API."""
    paths = json.loads(API.read_text(encoding="utf-8"))["paths"]
    return {address: frozenset(methods) for address, methods in paths.items()}
