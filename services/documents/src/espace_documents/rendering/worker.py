"""A worker process: typesets one document after another until its stdin closes. The pool starts it as ``python -m``."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from math import ceil
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, BinaryIO, ParamSpec, TypeVar

from espace_documents.rendering import wire
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.request import OUT_OF_MEMORY, RenderingRefused, RenderingRequest
from espace_documents.rendering.wire import Answer, Outcome

if TYPE_CHECKING:
    from espace_documents.rendering.typesetter import Typesetter

EXHAUSTED = Answer(Outcome.EXHAUSTED).encoded()
P = ParamSpec("P")
R = TypeVar("R")
PR_SET_PDEATHSIG = 1
ROOMY_STACK = 20_000
"""Values, so that the interpreter takes 256 KB for the call, of which 96 KB are left for all that is called from it."""


def main(assets: Path = ASSETS) -> None:
    """Works until there is nothing more to read. Arguments: the processor time of a document in seconds, the memory limit in MB."""
    answers = take_over_stdout()
    try:
        time_limit_s, memory_limit_mb = map(int, sys.argv[1:])
        confine(memory_limit_mb)
        typesetter = warmed_up(assets)
    except Exception as error:  # noqa: BLE001  # told to the pool, which has nobody else to ask
        send(answers, Answer(Outcome.UNFIT, f"{type(error).__name__}: {error}").encoded())
        return
    send(answers, Answer(Outcome.READY).encoded())
    serve(typesetter, answers, time_limit_s)


def confine(memory_limit_mb: int, *, writes: bool = False) -> None:
    """Stops only when the pool says so or dies; takes no more memory than it may, writes no file unless told, leaves no core dump."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    limits = {resource.RLIMIT_AS: memory_limit_mb * 2**20, resource.RLIMIT_CORE: 0} | ({} if writes else {resource.RLIMIT_FSIZE: 0})
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def take_over_stdout() -> BinaryIO:
    """The stream for answers. What any library prints goes to stderr instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def warmed_up(assets: Path) -> Typesetter:
    """A typesetter that has set one letter, so that the first person's does not wait for fonts and caches."""
    from espace_documents.rendering.typesetter import Typesetter  # noqa: PLC0415  # loaded under the limits set above

    typesetter = Typesetter(assets)
    typesetter.typeset(sample_request(assets / "templates" / "bank_account_change" / "sample.json", locale="fr"))
    return typesetter


def sample_request(sample: Path, locale: str) -> RenderingRequest:
    """The sample of the document type whose folder it lies in."""
    fields = json.loads(sample.read_text(encoding="utf-8"))
    return wire.request_from({**fields, "document_type": sample.parent.name, "locale": locale})


def serve(typesetter: Typesetter, answers: BinaryIO, time_limit_s: int) -> None:
    """Answers one request after another. Garbage is collected between documents, so that no letter waits for it."""
    gc.collect()
    gc.freeze()
    gc.disable()
    in_one_piece = on_a_roomy_stack(answered)
    for payload in wire.payloads(sys.stdin.buffer):
        end_after(time_limit_s)
        frames = in_one_piece(typesetter, payload)
        send(answers, *frames)
        gc.collect()
        gc.freeze()  # what has stayed will stay: it need not be looked through again


def on_a_roomy_stack(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, which says that it needs a large stack.

    CPython keeps the frames of calls in pieces of 16 KB, and gives a piece back to the system when its first call returns. WeasyPrint calls
    deeply, and where a loop of it crosses from one piece to the next, each call maps memory anew: an eighth of a document's time.
    """
    code = function.__code__.replace(co_stacksize=ROOMY_STACK)
    return FunctionType(code, function.__globals__)


def end_after(seconds: int) -> None:
    """Has the kernel end this process once it has taken so much more processor time; it counts in whole seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def answered(typesetter: Typesetter, payload: bytes) -> tuple[bytes, ...]:
    """The frames that answer one request."""
    try:
        document = typesetter.typeset(wire.request_from(json.loads(payload)))
        return Answer(Outcome.RENDERED, pages=document.pages, title=document.title).encoded(), document.pdf
    except RenderingRefused as refusal:
        return (Answer(Outcome.REFUSED, str(refusal)).encoded(),)
    except OUT_OF_MEMORY:
        pass
    return (EXHAUSTED,)  # only now, as the error held what took the memory


def send(answers: BinaryIO, *payloads: bytes) -> None:
    """Sends frames at once."""
    answers.writelines(wire.framed(payload) for payload in payloads)
    answers.flush()


if __name__ == "__main__":
    main()
