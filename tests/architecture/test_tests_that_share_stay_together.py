"""Two processes run the tests, and the tests of a group are one process's: pytest-xdist has once ignored our groups and said nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
TWO_GROUPS = ("contracts/tests/unit/test_topics.py", "kernel/tests/unit/test_crashpoints.py")
RUN_BY = re.compile(r"^\[(?P<process>gw\d)\].* PASSED (?P<group>\w+)/", re.MULTILINE)


def test_each_group_has_one_process():
    options = ["--numprocesses=2", "--dist=loadscope", "--no-loadscope-reorder", "--verbose", "--no-cov"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *TWO_GROUPS], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    processes: dict[str, set[str]] = defaultdict(set)
    for test in RUN_BY.finditer(run.stdout):
        processes[test["group"]].add(test["process"])
    assert {group: len(names) for group, names in processes.items()} == {"contracts": 1, "kernel": 1}
    assert processes["contracts"] != processes["kernel"], "the two ran side by side"
