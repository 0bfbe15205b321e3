"""The code printed on a document: what it claims, and the proof that the fund claims it.

A compact payload and its signature, as in a Visible Digital Seal; it is *like* one (VDS) and follows no layout of ISO 22376 or 2D-Doc.
The payload, version 1, big-endian: version (1 byte), document id (16), type (1), day of issue as days since 2020-01-01 (2), and the
first half of the SHA-256 of the document's data (16). The reference on the paper derives from the id, so it is claimed too. Then ECDSA on
P-256 with SHA-256 (64 bytes: r, s). 100 bytes make 160 characters of Base32, which a QR code holds in its alphanumeric mode and a URL as
they are.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from espace_contracts.vocabulary import DocumentId, DocumentType
from espace_documents.domain.reference import reference_of

VERSION = 1
DIGEST_BYTES = 16
CODE_LENGTH = 160
OWN_FIELD = "verification"
"""Where the code itself stands in a document's data."""
NUMBERS: Mapping[DocumentType, int] = {
    DocumentType.REIMBURSEMENT_STATEMENT: 1,
    DocumentType.FAMILY_LEAVE_CERTIFICATE: 2,
    DocumentType.REMUNERATION_CERTIFICATE: 3,
    DocumentType.EHIC_REPLACEMENT_CERTIFICATE: 4,
    DocumentType.ENTITLEMENT_CERTIFICATE: 5,
    DocumentType.COINSURANCE_CERTIFICATE: 6,
    DocumentType.CASH_BENEFIT_CALCULATION: 7,
    DocumentType.PAYMENT_CHARGE_CHANGE: 8,
    DocumentType.LATE_DECLARATION_WARNING: 9,
    DocumentType.IDENTIFICATION_NUMBER_MISSING: 10,
    DocumentType.JOINT_COMMITTEE_NOTIFICATION: 11,
    DocumentType.BANK_ACCOUNT_CHANGE: 12,
    DocumentType.APPOINTMENT_NOT_CANCELLED: 13,
    DocumentType.HOUSEHOLD_SICK_PAY_NOTICE: 14,
    DocumentType.DIRECT_PAYMENT_STATEMENT: 15,
    DocumentType.APPOINTMENT_CONFIRMATION: 16,
    DocumentType.CLOSING_LETTER: 17,
    DocumentType.SUBMISSION_RECEIPT: 18,
}
"""Printed on paper that nobody can call back: a number is never changed and never given again."""

_PAYLOAD = struct.Struct(f">B16sBH{DIGEST_BYTES}s")
_DAY_ZERO = date(2020, 1, 1)
_TYPES = {number: document_type for document_type, number in NUMBERS.items()}
_COORDINATE = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256's base point (FIPS 186-5)."""


def digest_of(data: Mapping[str, Any]) -> bytes:
    """What a code keeps of a document's data, which is a JSON object: not the code itself, nor spaces and the order of fields."""
    vouched_for = {name: value for name, value in data.items() if name != OWN_FIELD}
    written = json.dumps(vouched_for, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode()).digest()[:DIGEST_BYTES]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What the fund says of a document it issued. `data` is the digest of the document's data."""

    document: DocumentId
    type: DocumentType
    issued_on: date
    data: bytes

    @property
    def reference(self) -> str:
        """The short name printed on the document."""
        return reference_of(self.document)

    def signed(self, key: ec.EllipticCurvePrivateKey) -> str:
        """The code. The same claim gives the same code (RFC 6979), so a document that is made again is the same document."""
        payload = _PAYLOAD.pack(VERSION, self.document.bytes, NUMBERS[self.type], (self.issued_on - _DAY_ZERO).days, self.data)
        r, s = decode_dss_signature(key.sign(payload, ec.ECDSA(SHA256(), deterministic_signing=True)))
        signature = b"".join(number.to_bytes(_COORDINATE, "big") for number in (r, min(s, _ORDER - s)))
        return base64.b32encode(payload + signature).decode()

    @classmethod
    def read(cls, code: str, key: ec.EllipticCurvePublicKey) -> Claim | None:
        """The claim of a code; None when the fund did not sign it exactly so. Each claim has one code: of s and -s only the lower holds."""
        try:
            signed = base64.b32decode(code) if len(code) == CODE_LENGTH else b""
            payload, signature = signed[: _PAYLOAD.size], signed[_PAYLOAD.size :]
            r, s = (int.from_bytes(part, "big") for part in (signature[:_COORDINATE], signature[_COORDINATE:]))
            if s > _ORDER // 2:
                return None
            key.verify(encode_dss_signature(r, s), payload, ec.ECDSA(SHA256()))
        except (ValueError, binascii.Error, InvalidSignature):
            return None
        version, document, number, days, data = _PAYLOAD.unpack(payload)
        if version != VERSION or number not in _TYPES:
            return None
        return cls(document=DocumentId(UUID(bytes=document)), type=_TYPES[number], issued_on=_DAY_ZERO + timedelta(days), data=data)
