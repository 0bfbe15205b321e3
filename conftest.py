"""Tests run two at a time. Those that share a costly fixture stay together: a part's own, those of the whole eSpace, those of the storm."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
WITH_A_RUNNING_ESPACE = {"e2e", "access"}


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the group of each test for pytest-xdist."""
    for item in items:
        part, folder, *_ = item.path.relative_to(ROOT).parts
        group = part if part not in {"services", "tests"} else "espace" if folder in WITH_A_RUNNING_ESPACE else folder
        item.add_marker(pytest.mark.xdist_group(group))
