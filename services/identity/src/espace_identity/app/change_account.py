from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Accounts
from espace_identity.domain.account import Account
from espace_kernel.outcomes import VersionConflict

T = TypeVar("T")
_TRIES = 5


class ChangeAccount:
    """Change a person's account, made if there is none; decided anew on its newest state when another change came between."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def __call__(self, insured: InsuredId, change: Callable[[Account], T]) -> T:
        """What the change answers, once it is stored. Raises what the change raises, or VersionConflict when others keep coming between."""
        for _ in range(_TRIES):
            account = await self._accounts.get(insured) or Account(id=insured)
            before = replace(account)
            answer = change(account)
            if (account == before and not account.recorded) or await self._stored(account):
                return answer
        raise VersionConflict("The account was changed by other requests, again and again.")

    async def _stored(self, account: Account) -> bool:
        if account.version == 0:
            return await self._accounts.add(account)
        try:
            await self._accounts.save(account)
        except VersionConflict:
            return False
        return True
