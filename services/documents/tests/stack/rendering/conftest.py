"""Documents as the service issues them: with a verification code, and sealed. The keys are those of the embedded stack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from espace_contracts.vocabulary import DocumentId, DocumentType
from espace_documents.domain.verification import Claim, digest_of
from espace_documents.rendering import RenderingPool, RenderingRequest, SealingPool

DOCUMENT = DocumentId(UUID("0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f"))


@pytest.fixture(scope="session")
def with_code(secrets: Path) -> Callable[[RenderingRequest], RenderingRequest]:
    """The same request with its verification code."""
    key = load_pem_private_key((secrets / "documents-verification.key").read_bytes(), password=None)

    def sign(request: RenderingRequest) -> RenderingRequest:
        is_document = request.document_type in set(DocumentType)
        document_type = DocumentType(request.document_type) if is_document else DocumentType.CLOSING_LETTER
        claim = Claim(document=DOCUMENT, type=document_type, issued_on=request.issued_on, data=digest_of(request.data()))
        return replace(request, verification=claim.signed(key))

    return sign


@pytest.fixture(scope="session")
async def typesetting() -> AsyncIterator[RenderingPool]:
    pool = RenderingPool(workers=1)
    await pool.start()
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def sealing(secrets: Path) -> AsyncIterator[SealingPool]:
    pool = SealingPool(1, secrets, None)
    await pool.start()
    yield pool
    await pool.close()
