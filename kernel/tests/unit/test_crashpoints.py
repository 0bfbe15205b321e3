from __future__ import annotations

import os
import signal
import subprocess
import sys

from espace_kernel import crashpoints

REACH_THRICE = "from espace_kernel.crashpoints import reach\nfor n in range(3):\n    reach('relay.after_publish'); print(n, flush=True)"


def run(armed: str | None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CRASHPOINT"}
    if armed:
        environment["CRASHPOINT"] = armed
    return subprocess.run([sys.executable, "-c", REACH_THRICE], env=environment, capture_output=True, text=True, check=False)


def test_an_armed_crash_point_kills_the_process_at_the_nth_reach():
    died = run("relay.after_publish:2")
    assert (died.returncode, died.stdout.split()) == (-signal.SIGKILL, ["0"])


def test_another_crash_point_kills_nothing():
    assert run("store.after_save:1").returncode == 0


def test_unarmed_it_is_an_empty_function():
    assert run(None).returncode == 0
    assert crashpoints.reach is crashpoints._never
