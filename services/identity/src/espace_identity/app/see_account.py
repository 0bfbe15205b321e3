from __future__ import annotations

from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Accounts, Clock
from espace_identity.domain.contact import Contact, PendingContact
from espace_identity.domain.mobile import Mobile, PendingMobile


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """Where notices go, and the address and the number whose codes are waited for."""

    contact: Contact | None
    pending: PendingContact | None
    mobile: Mobile | None
    pending_mobile: PendingMobile | None


class SeeAccount:
    """What a person decided about their eSpace itself."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts, self._clock = accounts, clock

    async def __call__(self, insured: InsuredId) -> AccountSeen:
        """As it stands now; empty for a person who decided nothing yet."""
        account = await self._accounts.get(insured)
        if account is None:
            return AccountSeen(None, None, None, None)
        now = self._clock()
        pending = account.pending if account.pending and account.pending.is_open(now) else None
        pending_mobile = account.pending_mobile if account.pending_mobile and account.pending_mobile.is_open(now) else None
        return AccountSeen(account.contact, pending, account.mobile, pending_mobile)
