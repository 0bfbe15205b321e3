"""Where a test may kill identity; see espace_kernel.crashpoints."""

from __future__ import annotations

SESSIONS_CLOSED = "identity.sessions_closed"
"""Sessions are closed, and nobody was told."""

CRASHPOINTS = (SESSIONS_CLOSED,)
