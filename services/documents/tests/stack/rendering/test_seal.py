from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from espace_documents.inspection.sealed_file import seal_on
from espace_documents.rendering import RenderedDocument, RenderingInterrupted, RenderingPool, SealingPool
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.seal import signer_in_file
from espace_documents.rendering.worker import sample_request


@pytest.fixture(scope="session")
def issuer(secrets: Path) -> Certificate:
    return [*load_certs_from_pemder_data((secrets / "documents-seal-chain.pem").read_bytes())][-1]


@pytest.fixture(scope="session")
async def unsealed(typesetting: RenderingPool) -> RenderedDocument:
    return await typesetting.render(sample_request(ASSETS / "templates" / "bank_account_change" / "sample.json", "fr"))


@pytest.fixture(scope="session")
async def sealed(sealing: SealingPool, unsealed: RenderedDocument) -> bytes:
    return (await sealing.seal(unsealed)).pdf


async def test_the_seal_covers_the_whole_file_and_its_certificate_is_the_funds(sealed, unsealed, issuer):
    seal = await asyncio.to_thread(seal_on, sealed, [issuer])
    assert (seal.whole, seal.trusted) == (True, True)
    assert "Demonstration seal of the insured eSpace" in seal.signer
    assert sealed.startswith(unsealed.pdf), "the seal stands behind the document, which stays as it was"


async def test_each_file_that_a_process_seals_has_a_seal_of_its_own(sealing, unsealed, issuer):
    for pdf in (unsealed.pdf, unsealed.pdf + b"\n", unsealed.pdf):
        sealed = (await sealing.seal(replace(unsealed, pdf=pdf))).pdf
        assert (await asyncio.to_thread(seal_on, sealed, [issuer])).whole


async def test_what_is_signed_is_to_the_byte_what_pyhanko_would_encode_for_each_file(secrets):
    chain = [*load_certs_from_pemder_data((secrets / "documents-seal-chain.pem").read_bytes())]
    signer = signer_in_file((secrets / "documents-seal.key").read_bytes(), chain)
    for digest in (bytes(32), sha256(b"a file").digest(), sha256(b"another").digest()):
        own = await signer.signed_attrs(digest, "sha256", use_pades=True)
        assert own.dump() == (await SimpleSigner.signed_attrs(signer, digest, "sha256", use_pades=True)).dump()


async def test_a_file_says_of_itself_what_it_said_before_its_seal(sealed, unsealed):
    def said(pdf: bytes) -> tuple[dict, bytes]:
        reader = PdfFileReader(BytesIO(pdf))
        return dict(reader.trailer["/Info"]), reader.root["/Metadata"].data

    assert said(sealed) == said(unsealed.pdf)


async def test_a_seal_that_nobody_vouches_for_is_not_trusted(sealed):
    seal = await asyncio.to_thread(seal_on, sealed, [])
    assert (seal.whole, seal.trusted) == (True, False)


async def test_one_flipped_byte_is_noticed_wherever_it_is(sealed):
    (signature,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    first, length, second, rest = map(int, signature.byte_range)
    assert first == 0
    assert second + rest == len(sealed)
    places = [*range(0, length, length // 40), *range(second, second + rest, rest // 5), length - 1, len(sealed) - 1]

    def missed() -> list[int]:
        flipped = ((place, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]) for place in places)
        return [place for place, file in flipped if seal_on(file, []).whole]

    assert await asyncio.to_thread(missed) == []


async def test_what_is_written_behind_the_seal_is_noticed(sealed, unsealed):
    assert not (await asyncio.to_thread(seal_on, sealed + b"\n%%EOF\n", [])).whole
    assert not (await asyncio.to_thread(seal_on, unsealed.pdf, [])).whole


async def test_a_sealing_process_that_is_killed_is_replaced(secrets, unsealed):
    pool = SealingPool(1, secrets, None)
    await pool.start()
    (worker,) = pool._staff
    os.kill(worker.pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        while True:
            try:
                document = await pool.seal(unsealed)
                break
            except RenderingInterrupted:
                continue
    assert document.pdf.startswith(unsealed.pdf)
    assert worker not in pool._staff or not worker.alive
    await pool.close()


async def test_a_document_that_nobody_waits_for_any_more_is_not_given_to_the_next(secrets, unsealed):
    pool = SealingPool(1, secrets, None)
    await pool.start()
    leaving = asyncio.create_task(pool.seal(unsealed))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    other = RenderedDocument(unsealed.pdf + b"\n", "", 1, "another")
    assert (await pool.seal(other)).pdf.startswith(other.pdf)
    await pool.close()


async def test_what_is_no_pdf_is_not_sealed_and_the_next_is(secrets, unsealed):
    pool = SealingPool(1, secrets, None)
    await pool.start()
    with pytest.raises(RenderingInterrupted, match="could not be sealed"):
        await pool.seal(RenderedDocument(b"no PDF", "", 1, "x"))
    assert (await pool.seal(unsealed)).pages == 1
    await pool.close()


async def test_without_its_key_or_with_another_ones_chain_the_service_does_not_start(secrets, tmp_path):
    with pytest.raises(RenderingInterrupted, match=r"documents-seal\.key"):
        await SealingPool(1, tmp_path, None).start()
    shutil.copy(secrets / "documents-seal-chain.pem", tmp_path)
    shutil.copy(secrets / "documents-verification.key", tmp_path / "documents-seal.key")
    with pytest.raises(RenderingInterrupted, match="not of the seal's key"):
        await SealingPool(1, tmp_path, None).start()


class Authority:
    """A time-stamp authority over HTTP: pyHanko's own, behind a socket. `url` is where it answers."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A time-stamp authority")])
        now = datetime.now(UTC)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        certificate = builder.add_extension(usage, critical=True).sign(key, SHA256())
        self.certificate = Certificate.load(certificate.public_bytes(Encoding.DER))
        private = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        self.stamper = DummyTimeStamper(self.certificate, private)
        self.url, self.stamped, self.awake = "", 0, True

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        question = tsp.TimeStampReq.load(await reader.readexactly(length))
        body = self.stamper.request_tsa_response(question).dump() if self.awake else b""
        status = "200 OK" if self.awake else "503 Service Unavailable"
        self.stamped += self.awake
        header = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(header.encode() + body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def authority() -> AsyncIterator[Authority]:
    authority = Authority()
    server = await asyncio.start_server(authority.answer, "127.0.0.1", 0)
    authority.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    yield authority
    server.close()
    await server.wait_closed()


async def test_with_an_authority_the_seal_carries_its_time_stamp_and_waits_for_one_that_is_away(secrets, unsealed, issuer, authority):
    pool = SealingPool(1, secrets, authority.url)
    await pool.start()
    document = await pool.seal(unsealed)
    (signature,) = PdfFileReader(BytesIO(document.pdf)).embedded_signatures
    trusting = ValidationContext(trust_roots=[issuer, authority.certificate], allow_fetching=False)
    status = await async_validate_pdf_signature(signature, trusting, trusting)
    assert status.timestamp_validity.intact
    assert status.timestamp_validity.trusted
    assert authority.stamped >= 1
    authority.awake = False
    with pytest.raises(RenderingInterrupted, match="time-stamp authority"):
        await pool.seal(unsealed)
    authority.awake = True
    assert (await pool.seal(unsealed)).pages == 1
    await pool.close()
