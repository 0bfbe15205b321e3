"""Tests run two at a time. Those that share a costly fixture stay together: a part's own, those of the whole eSpace, those of the storm."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler.protocol import Scheduling

WITH_A_RUNNING_ESPACE = {"e2e", "access"}


def group_of(nodeid: str) -> str:
    """Whose tests the same process runs, one after the other, by the test's name from the project's root."""
    part, folder, *_ = PurePosixPath(nodeid.partition("::")[0]).parts
    if part not in {"services", "tests"}:
        return part
    return "espace" if folder in WITH_A_RUNNING_ESPACE else folder


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is reached of domains and use cases is counted in unit tests alone: counting takes a third more time, and they reach it all."""
    for item in items if config.pluginmanager.hasplugin("pytest_cov") else ():
        if "unit" not in PurePosixPath(item.nodeid.partition("::")[0]).parts:
            item.add_marker("no_cover")
    if shared := [nodeid for nodeid, tests in Counter(item.nodeid for item in items).items() if tests > 1]:
        raise pytest.UsageError(f"Of tests that share an id pytest-xdist runs one alone, and says so nowhere: {', '.join(shared)}.")


@pytest.hookimpl(optionalhook=True)  # a part's tests also run where pytest-xdist is not installed
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """By our groups: pytest-xdist's own `loadgroup` groups nothing with this pytest (its issue 1386), and says so nowhere."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - asked for only where pytest-xdist is

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return ByGroup(config, log)
