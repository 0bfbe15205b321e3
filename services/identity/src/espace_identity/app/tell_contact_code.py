from __future__ import annotations

from uuid import UUID

from espace_identity.app.ports import Accounts, Clock
from espace_identity.domain.challenge import ContactCodes, NoCodeOpen


class TellContactCode:
    """The code of a challenge, be it for an address or a mobile number, for the part that sends it."""

    def __init__(self, accounts: Accounts, codes: ContactCodes, clock: Clock) -> None:
        self._accounts, self._codes, self._clock = accounts, codes, clock

    async def __call__(self, challenge: UUID) -> str:
        """Raises NoCodeOpen when the challenge is over or was replaced: nothing is to be sent then."""
        account = await self._accounts.with_challenge(challenge)
        waiting = (account.pending, account.pending_mobile) if account else ()
        if not any(pending and pending.challenge == challenge and pending.is_open(self._clock()) for pending in waiting):
            raise NoCodeOpen
        return self._codes.code_for(challenge)
