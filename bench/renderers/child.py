"""A renderer in a process of its own: ``python -m bench.renderers.child NAME FOLDER RESULT``.

Makes a few documents and says "ready"; then, for each line with a number of seconds, makes documents for as long and says how many in how
many seconds. Its last document is the RESULT. The Java program of openhtmltopdf does the same.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

WARM_UP = 5


def main() -> None:
    name, folder, result = sys.argv[1:]
    make: Callable[[int], bytes] = importlib.import_module(f"bench.renderers.{name}").renderer(Path(folder))
    numbers = count(1)
    for _ in range(WARM_UP):
        Path(result).write_bytes(make(next(numbers)))
    print("ready", flush=True)
    for line in sys.stdin:
        made, began, seconds, pdf = 0, time.perf_counter(), float(line), b""
        while (taken := time.perf_counter() - began) < seconds:
            pdf, made = make(next(numbers)), made + 1
        Path(result).write_bytes(pdf)
        print(made, taken, flush=True)


if __name__ == "__main__":
    main()
