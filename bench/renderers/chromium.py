"""Chromium without a window, spoken to over a pipe: a page of HTML in, a tagged PDF out. No PDF/A, no page footers from HTML, no seal."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.renderers.content import numbered

PROGRAM = shutil.which("chromium")
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--allow-file-access-from-files",
)  # fmt: skip
PAPER = {"printBackground": True, "preferCSSPageSize": True, "generateTaggedPDF": True}
READ, WRITE = 3, 4
"""The file descriptors on which Chromium listens and answers."""


def renderer(folder: Path) -> Callable[[int], bytes]:
    page, browser = (folder / "page.html").read_text(), Browser(folder / "page.html")

    def make(number: int) -> bytes:
        return browser.print(numbered(page, number))

    return make


class Browser:
    """One Chromium with one page, which may load fonts as it was loaded from a file itself. Ends with this process, whose pipe it reads."""

    def __init__(self, first: Path) -> None:
        assert PROGRAM, "chromium is not installed"
        to_it, its_answers = os.pipe(), os.pipe()
        command = [PROGRAM, *OPTIONS, f"--user-data-dir={tempfile.mkdtemp()}", "--remote-debugging-pipe", first.as_uri()]
        redirect = f'exec "$0" "$@" {READ}<&{to_it[0]} {WRITE}>&{its_answers[1]}'
        subprocess.Popen(["bash", "-c", redirect, *command], pass_fds=(to_it[0], its_answers[1]), stderr=subprocess.DEVNULL)
        os.close(to_it[0])
        os.close(its_answers[1])
        self._to_it, self._answers = os.fdopen(to_it[1], "wb"), os.fdopen(its_answers[0], "rb")
        self._numbers, self._unread = itertools.count(1), b""
        self._session = None
        target = next(one for one in self._ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self._session = self._ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        self._frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def print(self, page: str) -> bytes:
        self._ask("Page.setDocumentContent", frameId=self._frame, html=page)
        self._ask("Runtime.evaluate", expression="document.fonts.ready", awaitPromise=True)
        return base64.b64decode(self._ask("Page.printToPDF", **PAPER)["data"])

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        session = {"sessionId": self._session} if self._session else {}
        self._to_it.write(json.dumps({"id": number, "method": method, "params": parameters, **session}).encode() + b"\0")
        self._to_it.flush()
        while (answer := self._hear()).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"Chromium refuses {method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            heard = os.read(self._answers.fileno(), 1 << 20)
            if not heard:
                raise RuntimeError("Chromium ended.")
            self._unread += heard
        message, _, self._unread = self._unread.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer
