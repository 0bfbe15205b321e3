from __future__ import annotations

from espace_identity.domain.login import LoginAttempt
from espace_kernel.store import Collection, Document


class StoredAttempts:
    """Logins under way, under the fingerprint of their state. What is over is dropped by ForgetOld."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, fingerprint: str, attempt: LoginAttempt) -> None:
        """As the port says."""
        await self.collection.insert_one({"_id": fingerprint, **_state(attempt)})

    async def take(self, fingerprint: str) -> LoginAttempt | None:
        """As the port says: finding and removing is one step of the store."""
        document = await self.collection.find_one_and_delete({"_id": fingerprint})
        return None if document is None else _attempt(document)


def _state(attempt: LoginAttempt) -> Document:
    state = {
        "provider": attempt.provider,
        "browser": attempt.browser,
        "nonce": attempt.nonce,
        "code_verifier": attempt.code_verifier,
        "return_to": attempt.return_to,
        "began_at": attempt.began_at,
        "ends_at": attempt.ends_at,
        "step_up_for": attempt.step_up_for,
    }
    return {name: value for name, value in state.items() if value is not None}


def _attempt(document: Document) -> LoginAttempt:
    return LoginAttempt(
        provider=document["provider"],
        browser=document["browser"],
        nonce=document["nonce"],
        code_verifier=document["code_verifier"],
        return_to=document["return_to"],
        began_at=document["began_at"],
        step_up_for=document.get("step_up_for"),
    )
