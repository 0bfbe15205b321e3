from __future__ import annotations

from espace_identity.app.ports import Clock, Signer
from espace_identity.domain.token import for_the_service


class IssueServiceToken:
    """A token by which one of our services proves itself to another."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer, self._clock = signer, clock

    async def __call__(self, service: str) -> str:
        """For a service that has proven itself."""
        return self._signer.sign(for_the_service(service, self._clock()))
