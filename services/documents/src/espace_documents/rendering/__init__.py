"""Typesets and seals documents: plain data in, one file out that is PDF/A-3a and PDF/UA-1 and carries the fund's seal.

WeasyPrint and pyHanko live in the worker processes alone; nothing here imports them into the service.
"""

from espace_documents.rendering.pool import RenderingPool
from espace_documents.rendering.request import (
    Addressee,
    JsonValue,
    RenderedDocument,
    RenderingInterrupted,
    RenderingRefused,
    RenderingRequest,
)
from espace_documents.rendering.sealing import SealingPool

__all__ = [
    "Addressee",
    "JsonValue",
    "RenderedDocument",
    "RenderingInterrupted",
    "RenderingPool",
    "RenderingRefused",
    "RenderingRequest",
    "SealingPool",
]
