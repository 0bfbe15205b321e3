from __future__ import annotations

import pytest
from harness.espace import Espace

from .estate import Estate, prepared


@pytest.fixture(scope="package")
async def estate(espace: Espace) -> Estate:
    """What one person has, and those who ask for it."""
    return await prepared(espace)
