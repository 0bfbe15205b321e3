"""Typesets documents: plain data in, one file out that is PDF/A-3a and PDF/UA-1.

WeasyPrint lives in the worker processes alone; nothing here imports it into the service.
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

__all__ = [
    "Addressee",
    "JsonValue",
    "RenderedDocument",
    "RenderingInterrupted",
    "RenderingPool",
    "RenderingRefused",
    "RenderingRequest",
]
