from __future__ import annotations

from espace_kernel.service import serve
from espace_notifications.settings import Settings
from espace_notifications.wiring import wire


def main() -> None:
    """Run the service until SIGTERM."""
    serve("notifications", Settings(), wire)
