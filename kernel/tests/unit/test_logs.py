from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import logging
from espace_kernel.logs import logger, start_logs
start_logs("notes", "INFO")
log = logger()
log.info("saved", procedure="p-1", matricule="1893120105732")
try:
    raise ValueError("1893120105732 is wrong")
except ValueError as error:
    log.error("failed", exc_info=error)
    logging.getLogger("some.library").exception("library failed")
"""


def lines() -> list[dict[str, object]]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_is_json_with_the_service_and_only_allowed_keys():
    first = lines()[0]
    assert first["event"] == "saved"
    assert first["service"] == "notes"
    assert first["procedure"] == "p-1"
    assert first["matricule"] == "[withheld]"


def test_an_exception_is_its_type_and_place_never_its_message():
    written = lines()
    assert written[1]["error"] == "ValueError"
    assert str(written[1]["raised_at"]).startswith("['<string>:")
    assert "1893120105732" not in json.dumps(written)


def test_the_lines_of_libraries_come_through_the_same_door():
    assert (lines()[2]["event"], lines()[2]["error"], lines()[2]["logger"]) == ("library failed", "ValueError", "some.library")
