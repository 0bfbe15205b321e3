"""Real workers, real PDFs. `sample` gives the packaged sample of a type; `hostile` gives templates that no package would hold."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from espace_documents.rendering import RenderedDocument, RenderingPool, RenderingRequest
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.worker import sample_request

HOSTILE_WORKER = Path(__file__).with_name("hostile_worker.py")
HOSTILE_PAGE = '{{% extends "letter.html" %}}{{% block subject %}}Hostile{{% endblock %}}{{% block body %}}{body}{{% endblock %}}'

LOCALES = ["fr", "de", "en", "lb"]
EDITIONS = [*itertools.product(["smallest", "sample"], LOCALES), ("largest", "de")]
"""Sizes and languages. The largest only in German, whose words are the longest: it takes seconds."""


class WatchedPool(RenderingPool):
    """A pool that remembers every worker it hired."""

    def __init__(self, *limits, **named_limits) -> None:
        super().__init__(*limits, **named_limits)
        self.hired: list[int] = []

    async def _hire(self):
        worker = await super()._hire()
        self.hired.append(worker.pid)
        return worker

    @property
    def waiting(self) -> int:
        """Documents that no worker has taken yet."""
        return len(self._jobs)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A new template is tested by being there."""
    if "each_type" in metafunc.fixturenames:
        metafunc.parametrize("each_type", sorted(sample.parent.name for sample in (ASSETS / "templates").glob("*/sample.json")))
    if "each_locale" in metafunc.fixturenames:
        metafunc.parametrize("each_locale", LOCALES)
    if "each_edition" in metafunc.fixturenames:
        metafunc.parametrize("each_edition", EDITIONS, ids="-".join)


@pytest.fixture(scope="session")
async def pool() -> AsyncIterator[WatchedPool]:
    pool = WatchedPool(workers=2)
    await pool.start()
    yield pool
    await pool.close()


@pytest.fixture
def started():
    """A pool of one's own: `async with started(workers=1) as pool`."""

    @asynccontextmanager
    async def start(pool_type: type[WatchedPool] = WatchedPool, **limits) -> AsyncIterator[WatchedPool]:
        pool = pool_type(**limits)
        await pool.start()
        try:
            yield pool
        finally:
            await pool.close()

    return start


@pytest.fixture
def hostile(tmp_path: Path) -> Callable[[dict[str, str]], type[WatchedPool]]:
    """A kind of pool whose package has, beside its own templates, these: the body of the page by document type, without any field."""

    def with_templates(bodies: dict[str, str]) -> type[WatchedPool]:
        assets = shutil.copytree(ASSETS, tmp_path / "assets")
        for document_type, body in bodies.items():
            folder = assets / "templates" / document_type
            folder.mkdir()
            (folder / "page.html").write_text(HOSTILE_PAGE.format(body=body), encoding="utf-8")
            (folder / "style.css").write_text("", encoding="utf-8")
        return type("HostilePool", (WatchedPool,), {"command": (sys.executable, str(HOSTILE_WORKER), str(assets))})

    return with_templates


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits until a condition holds; fails after a minute."""

    async def until(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "It never came about."
            await asyncio.sleep(0.02)

    return until


@pytest.fixture
def hostile_request(sample) -> Callable[..., RenderingRequest]:
    """A request for a hostile template, which has no field."""
    return lambda document_type, locale="en": replace(sample(locale=locale), document_type=document_type, content={})


@pytest.fixture
def sample() -> Callable[..., RenderingRequest]:
    """The sample of a type, usual or of another size, with some of its content, or of the request, changed."""

    def sample(
        document_type: str = "closing_letter", locale: str = "en", *, size: str = "sample", content: dict | None = None, **changes
    ) -> RenderingRequest:
        request = sample_request(ASSETS / "templates" / document_type / f"{size}.json", locale)
        return replace(request, content={**request.content, **(content or {})}, **changes)

    return sample


@pytest.fixture
def pages() -> Callable[[RenderedDocument], list[str]]:
    """The text of each page, with every run of white space as one space."""

    def pages(document: RenderedDocument) -> list[str]:
        return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(document.pdf)).pages]

    return pages
