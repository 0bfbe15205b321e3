"""A log call writes only keys that the kernel lets pass, so that no operator reads `[withheld]` where there was something to know.

Read from the source: what a module makes by `logger()` is its logger. It is used as `log.<level>("what happened", key=...)`, or by a name
that was given to `log.<level>` first, and in no other way: one that is handed on would hide its keys from this check.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from espace_kernel.logs import ALLOWED

ROOT = Path(__file__).parents[2]
MODULES = sorted(file for part in ("contracts", "kernel", "services", "deploy") for file in (ROOT / part).glob("**/src/**/*.py"))
KEYS = ALLOWED | {"exc_info"}
"""`exc_info` becomes `error` and `raised_at` before a line is written."""
LEVELS = frozenset({"debug", "info", "warning", "error", "critical"})


def test_no_log_call_uses_a_key_that_is_withheld() -> None:
    faults = [f"{module.relative_to(ROOT)}:{fault}" for module in MODULES for fault in faults_in(module.read_text(encoding="utf-8"))]
    assert not faults, (
        "Choose a key of ALLOWED in the kernel's logs.py, or add one there if it can never hold personal data:\n" + "\n".join(faults)
    )


def test_the_services_log_at_all() -> None:
    """Where no logger is found any more, the check above has gone blind."""
    found = {module.relative_to(ROOT).parts[0] for module in MODULES if loggers_in(ast.parse(module.read_text(encoding="utf-8")))}
    assert found == {"kernel", "services", "deploy"}


@pytest.mark.parametrize(
    ("call", "faults"),
    [
        ('log.info("saved", procedure=1)', []),
        ('log.error("failed", exc_info=error, count=2)', []),
        ('log.info("saved", matricule=1)', ["2: matricule is withheld"]),
        ('log.error("failed", count=1, name=2, address=3)', ["2: name is withheld", "2: address is withheld"]),
        ('log.info("saved", **fields)', ["2: its keys are not written out"]),
        ('say = log.info\nsay("saved", name=1)', ["3: name is withheld"]),
        ('say = log.info if well else log.error\nsay("saved", count=1, name=1)', ["3: name is withheld"]),
        ("say = log.info\nbegin(say)", ["3: the logger is handed on"]),
        ("begin(log.info)", ["2: the logger is handed on"]),
        ("begin(log)", ["2: the logger is handed on"]),
        ('log.bind(name=1).info("saved")', ["2: the logger is handed on"]),
        ('logger().info("saved", name=1)', ["2: the logger has no name"]),
        ('other.info("saved", name=1)', []),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_key_that_would_be_withheld_is_found_however_it_is_written(call: str, faults: list[str]) -> None:
    assert list(faults_in(f"log = logger()\n{call}")) == faults


def faults_in(source: str) -> Iterator[str]:
    """What a module logs that would not be written, each with its line."""
    tree = ast.parse(source)
    loggers, sayings = loggers_in(tree), sayings_in(tree)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if makes_logger(node) and not isinstance(parents[node], ast.Assign):
            yield f"{node.lineno}: the logger has no name"
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in loggers | sayings:
            continue
        said, asked = (node, parents[node]) if node.id in sayings else (parents[node], parents[parents[node]])
        if isinstance(asked, ast.Call) and asked.func is said and (node.id in sayings or is_level(said, loggers)):
            yield from withheld_by(asked)
        elif not (is_level(said, loggers) and isinstance(asked, ast.Assign | ast.IfExp)):
            yield f"{node.lineno}: the logger is handed on"


def withheld_by(call: ast.Call) -> Iterator[str]:
    """The keys of a call that the kernel does not let pass."""
    for keyword in call.keywords:
        if keyword.arg is None:
            yield f"{call.lineno}: its keys are not written out"
        elif keyword.arg not in KEYS:
            yield f"{call.lineno}: {keyword.arg} is withheld"


def loggers_in(tree: ast.Module) -> frozenset[str]:
    """The names a module gives to what `logger()` makes."""
    return frozenset(name for name, value in named_in(tree) if makes_logger(value))


def sayings_in(tree: ast.Module) -> frozenset[str]:
    """The names it gives to a level of its logger, or to one of two."""
    loggers = loggers_in(tree)
    choices = ((name, [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]) for name, value in named_in(tree))
    return frozenset(name for name, values in choices if any(is_level(value, loggers) for value in values))


def named_in(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Every name that is given, with what it is given to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def is_level(node: ast.AST, loggers: frozenset[str]) -> bool:
    """Whether this is `log.<level>`."""
    return isinstance(node, ast.Attribute) and node.attr in LEVELS and isinstance(node.value, ast.Name) and node.value.id in loggers


def makes_logger(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this is `logger()`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "logger"
