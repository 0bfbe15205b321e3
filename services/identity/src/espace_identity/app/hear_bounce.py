from __future__ import annotations

from datetime import datetime

from espace_contracts.vocabulary import InsuredId, NoticeMeans
from espace_identity.app.change_account import ChangeAccount


class HearBounce:
    """What is sent to a contact comes back: the person is shown so, until they confirm one anew, be it the same."""

    def __init__(self, change_account: ChangeAccount) -> None:
        self._change_account = change_account

    async def __call__(self, insured: InsuredId, means: NoticeMeans, revision: int, at: datetime) -> None:
        """Safe to repeat; says nothing of a contact confirmed since."""
        await self._change_account(insured, lambda account: account.contact_bounced(means, revision, at))
