from __future__ import annotations

import base64
import random
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from espace_contracts.vocabulary import DocumentId, DocumentType, Locale
from espace_documents.domain.finding import SENTENCES, Finding
from espace_documents.domain.verification import CODE_LENGTH, NUMBERS, Claim, digest_of

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = KEY.public_key()
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def a_claim(**changes) -> Claim:
    claim = Claim(
        document=DocumentId(UUID("0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f")),
        type=DocumentType.REIMBURSEMENT_STATEMENT,
        issued_on=date(2026, 3, 2),
        data=digest_of({"content": "x"}),
    )
    return replace(claim, **changes)


@pytest.mark.parametrize("document_type", DocumentType)
def test_a_code_says_what_the_fund_claimed_of_every_type(document_type):
    claim = a_claim(type=document_type, document=uuid4())
    code = claim.signed(KEY)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    assert Claim.read(code, PUBLIC) == claim


def test_no_two_types_have_one_number_and_none_was_ever_renumbered():
    assert list(NUMBERS.values()) == list(range(1, 19))
    assert NUMBERS[DocumentType.REIMBURSEMENT_STATEMENT] == 1
    assert NUMBERS[DocumentType.CLOSING_LETTER] == 17
    assert NUMBERS[DocumentType.SUBMISSION_RECEIPT] == 18


def test_a_code_printed_today_is_read_by_its_layout():
    signed = base64.b32decode(a_claim().signed(KEY))
    assert signed[:36] == bytes.fromhex("010f1e2d3c4b5a469788796a5b4c3d2e1f0108cc") + digest_of({"content": "x"})  # field by field


def test_the_same_document_gets_the_same_code_again():
    assert a_claim().signed(KEY) == a_claim().signed(KEY)


def test_what_is_claimed_names_the_reference_on_the_paper():
    assert a_claim().reference.startswith("D-")


def test_of_ten_thousand_altered_codes_none_is_accepted():
    chance = random.Random(2026)
    code = a_claim().signed(KEY)
    accepted = []
    for _ in range(10_000):
        signs = list(code)
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            place = chance.randrange(len(signs))
            signs[place] = chance.choice([sign for sign in ALPHABET if sign != signs[place]])
        altered = "".join(signs)
        if altered != code and Claim.read(altered, PUBLIC) is not None:
            accepted.append(altered)
    assert accepted == []


def test_the_other_signature_that_the_same_key_would_verify_is_not_accepted():
    signed = base64.b32decode(a_claim().signed(KEY))
    s = int.from_bytes(signed[-32:], "big")
    assert Claim.read(base64.b32encode(signed[:-32] + (ORDER - s).to_bytes(32, "big")).decode(), PUBLIC) is None


@pytest.mark.parametrize(
    "spoil", [str.lower, lambda code: code[:-1], lambda code: code + "A", lambda _: "", lambda _: "1" * 160, lambda _: "é" * 160]
)
def test_what_is_not_exactly_a_code_is_not_accepted(spoil):
    assert Claim.read(spoil(a_claim().signed(KEY)), PUBLIC) is None


def test_a_code_of_another_key_is_not_accepted():
    assert Claim.read(a_claim().signed(ec.generate_private_key(ec.SECP256R1())), PUBLIC) is None


@pytest.mark.parametrize(("place", "value"), [(0, 2), (17, 0), (17, 99)], ids=["version", "no type", "an unknown type"])
def test_what_the_fund_will_sign_in_years_is_not_read_as_something_else(place, value):
    payload = bytearray(base64.b32decode(a_claim().signed(KEY))[:36])
    payload[place] = value
    r, s = decode_dss_signature(KEY.sign(bytes(payload), ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")
    assert Claim.read(base64.b32encode(bytes(payload) + signature).decode(), PUBLIC) is None


def test_the_code_vouches_for_all_data_but_itself():
    assert digest_of({"a": 1, "b": "é"}) == digest_of({"verification": "ABC", "b": "é", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_every_finding_is_said_in_every_language():
    assert set(SENTENCES) == set(Finding)
    for sentences in SENTENCES.values():
        assert set(sentences) == set(Locale)
        assert len(set(sentences.values())) == len(Locale)


@pytest.fixture
async def document(service):
    return await service.delivered(service.knows())


def code_of(document, service) -> str:
    claim = a_claim(document=document.id, type=document.type, issued_on=document.source.issued_on)
    return claim.signed(service.verification_key)


async def test_a_delivered_document_is_genuine(service, document):
    verified = await service.verify(code_of(document, service))
    assert (verified.finding, verified.document) == (Finding.GENUINE, document)


async def test_neither_a_strangers_code_nor_that_of_a_document_never_delivered_is_known(service, document):
    assert (await service.verify(a_claim(document=document.id).signed(KEY))).finding is Finding.UNKNOWN
    assert (await service.verify(a_claim().signed(service.verification_key))).finding is Finding.UNKNOWN


async def test_a_withdrawn_document_stays_withdrawn(service, document):
    assert await service.withdraw(document.id, None)
    assert await service.withdraw(document.id, document.id)
    verified = await service.verify(code_of(document, service))
    assert (verified.finding, verified.document.replaced_by, verified.document.version) == (Finding.WITHDRAWN, None, 2)


async def test_a_replaced_document_says_which_one_holds(service, document):
    newer = await service.delivered(document.insured)
    assert await service.withdraw(document.id, newer.id)
    verified = await service.verify(code_of(document, service))
    assert (verified.finding, verified.document.replaced_by) == (Finding.REPLACED, newer.id)
    assert (await service.verify(code_of(newer, service))).finding is Finding.GENUINE


async def test_nothing_is_withdrawn_that_is_not_there_or_for_what_is_not_there(service, document):
    assert not await service.withdraw(uuid4(), None)
    assert not await service.withdraw(document.id, uuid4())
    assert (await service.documents.get(document.id)).withdrawn_at is None
