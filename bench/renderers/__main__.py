"""`python -m bench.renderers`: the renderers side by side, in about four minutes. Nothing else should run meanwhile."""

from __future__ import annotations

import asyncio

from bench.figure import table
from bench.renderers.contest import measure_renderers

if __name__ == "__main__":
    table(asyncio.run(measure_renderers()))
