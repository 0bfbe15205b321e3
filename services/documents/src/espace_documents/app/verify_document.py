from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document
from espace_documents.domain.finding import Finding
from espace_documents.domain.verification import Claim


@dataclass(frozen=True, slots=True)
class Verified:
    """How a document stands; nothing is known of one that is unknown."""

    finding: Finding
    document: Document | None = None


class VerifyDocument:
    """Whoever holds a document asks whether the fund issued it and still stands by it."""

    def __init__(self, documents: Documents, key: EllipticCurvePublicKey) -> None:
        self._documents, self._key = documents, key

    async def __call__(self, code: str) -> Verified:
        """A code that the fund did not sign, and one of a document that was never delivered, cannot be told apart."""
        claim = Claim.read(code, self._key)
        document = await self._documents.get(claim.document) if claim else None
        return Verified(document.standing, document) if document else Verified(Finding.UNKNOWN)
