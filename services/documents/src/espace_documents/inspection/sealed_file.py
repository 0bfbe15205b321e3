from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, slots=True)
class SealOnFile:
    """What a file's seal proves: `whole` when not a byte differs and nothing stands outside of it, `trusted` when its certificate leads
    to one that is trusted, `signer` the certificate's subject. A file without a seal is not whole."""

    whole: bool
    trusted: bool = False
    signer: str = ""


def data_in(pdf: bytes) -> Mapping[str, Any] | None:
    """The machine-readable data inside a document; None when the file is not one."""
    try:
        data = json.loads(PdfFileReader(BytesIO(pdf)).root["/AF"][0]["/EF"]["/F"].data)
    except Exception:  # noqa: BLE001  # a file that is none, or was tampered with, breaks its reader anywhere
        return None
    return data if isinstance(data, dict) else None


def seal_on(pdf: bytes, trusted: Iterable[Certificate]) -> SealOnFile:
    """The one seal of a file, judged offline. Time stamps and revocation are not looked at."""
    context = ValidationContext(trust_roots=[*trusted], allow_fetching=False)
    try:
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        status = validate_pdf_signature(signature, context, context, key_usage_settings=KeyUsageConstraints(key_usage=set()))
    except Exception:  # noqa: BLE001  # as above
        return SealOnFile(whole=False)
    whole = status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return SealOnFile(whole=whole, trusted=whole and status.trusted, signer=status.signing_cert.subject.human_friendly)
