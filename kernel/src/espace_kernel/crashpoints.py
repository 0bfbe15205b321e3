"""Named places where a test may kill the process, to prove that nothing is lost or doubled there.

`CRASHPOINT=relay.after_publish:3` kills the process by SIGKILL the third time that place is reached. Unset, reaching a place calls an empty
function: it costs nothing, and no production setting turns it on by accident.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

KERNEL_CRASHPOINTS = (
    "store.before_save",
    "store.after_save",
    "relay.before_publish",
    "relay.after_publish",
    "relay.after_removal",
    "consumer.before_effect",
    "consumer.after_effect",
    "consumer.after_commit",
)
"""The places in the kernel; a service adds its own and lists them in its `crashpoints.py`."""

_armed = os.environ.get("CRASHPOINT", "")


def _never(_name: str) -> None:
    """Not armed."""


def _countdown(armed_name: str, times: int) -> Callable[[str], None]:
    left = times

    def reach(name: str) -> None:
        nonlocal left
        if name != armed_name:
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


if _armed:
    _name, _, _nth = _armed.partition(":")
    reach = _countdown(_name, int(_nth or "1"))
else:
    reach = _never
