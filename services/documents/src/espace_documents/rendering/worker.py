"""A worker process: one document after another, until its stdin closes. Started by the pool as ``python -m``."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from espace_documents.rendering import wire
from espace_documents.rendering.request import Addressee, RenderedDocument, RenderingRefused, RenderingRequest
from espace_documents.rendering.wire import Answer, Outcome

if TYPE_CHECKING:
    from espace_documents.rendering.typesetter import Typesetter

PR_SET_PDEATHSIG = 1
ASSETS = Path(__file__).parent.parent / "assets"


def main(typesetter: Callable[[], Typesetter] | None = None) -> None:
    """Works until there is nothing more to read. The one argument is the memory limit in MB."""
    confine(memory_limit_mb=int(sys.argv[1]))
    with take_over_stdout() as out:
        try:
            typeset = warmed_up((typesetter or packaged_typesetter)()).typeset
        except Exception as error:  # noqa: BLE001  # told to the pool, which has nobody else to ask
            send(out, Answer(Outcome.UNFIT, f"{type(error).__name__}: {error}").encoded())
            return
        send(out, Answer(Outcome.READY).encoded())
        # Documents leave cycles behind; collecting them between documents keeps the pauses out of a letter's time.
        gc.collect()
        gc.freeze()
        gc.disable()
        for payload in wire.payloads(sys.stdin.buffer):
            answer, pdf = answered(typeset, payload)
            send(out, answer.encoded(), *pdf)
            if answer.outcome is Outcome.EXHAUSTED:
                return
            del answer, pdf
            gc.collect()
