import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from espace_embedded.java import prepare
from espace_embedded.settings import BUILD

Flavour = Literal["3a", "ua1"]
"""PDF/A-3a, or PDF/UA-1."""


class ValidatorFailed(Exception):
    """veraPDF left a file without a verdict; the text is what it printed."""


@dataclass(frozen=True)
class FailedRule:
    """A rule that a file breaks: the standard's clause, the test within it, and what the first finding says.

    Clause "file", test 0: the file could not be read as a PDF at all.
    """

    clause: str
    test: int
    message: str


@dataclass(frozen=True)
class Verdict:
    """veraPDF's judgement of one file against one flavour."""

    file: Path
    compliant: bool
    failed: tuple[FailedRule, ...]


def validate(paths: Sequence[Path], flavour: Flavour) -> list[Verdict]:
    """One verdict a file, in the order given; pass many files at once, as starting takes 2 s. Raises ValidatorFailed."""
    files = [path.resolve() for path in paths]
    arguments = ("-f", flavour, "--format", "json", "--nonpdfext", *map(str, files))
    command = prepare(BUILD, print).tool("greenfield-apps", "org.verapdf.apps.GreenfieldCliWrapper", *arguments)
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the wheel's runtime and pinned jars
    try:
        verdicts = {verdict.file: verdict for verdict in map(_verdict, json.loads(result.stdout)["report"]["jobs"])}
        return [verdicts[file] for file in files]
    except (ValueError, KeyError) as error:
        raise ValidatorFailed(f"veraPDF judged not every file:\n{result.stdout}{result.stderr}") from error


def _verdict(job: dict[str, Any]) -> Verdict:
    file = Path(job["itemDetails"]["name"])
    if "taskException" in job:
        return Verdict(file, compliant=False, failed=(FailedRule("file", 0, job["taskException"]["exceptionMessage"]),))
    (result,) = job["validationResult"]
    failed = [
        FailedRule(rule["clause"], rule["testNumber"], rule["checks"][0]["errorMessage"]) for rule in result["details"]["ruleSummaries"]
    ]
    return Verdict(file, result["compliant"], tuple(failed))
