from __future__ import annotations

import pytest
from harness.espace import Espace
from schemathesis.pytest.plugin import SchemathesisFunction

from .estate import Estate, prepared


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An id of its own for each operation that schemathesis asks: it writes the operation into the test's name, from which pytest 9.2 no
    longer takes the id."""
    for item in items:
        if isinstance(item, SchemathesisFunction):
            item._id = item.id.with_params(item.operation_label)


@pytest.fixture(scope="package")
async def estate(espace: Espace) -> Estate:
    """What one person has, and those who ask for it."""
    return await prepared(espace)
