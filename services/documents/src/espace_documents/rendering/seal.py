"""The fund's electronic seal: PAdES, by pyHanko. Imported in the sealing processes alone, which are the only ones that use its key."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from asn1crypto.cms import CMSAttributes
from asn1crypto.x509 import Certificate
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from espace_documents.rendering.device import Device

FIELD = "Seal"
ATTRIBUTES_BYTES = 2_048
TIME_STAMP_BYTES = 12_288
"""Room in the file for what is signed beside the certificates, and for a time stamp. pyHanko would find out by sealing twice."""
Chain = Sequence[Certificate]
"""The seal's certificate and those of its issuers, the own first."""
PLACE_OF_THE_DIGEST = b"\xa5" * 32
"""As long as a SHA-256."""


class OneFormSigner(Signer):
    """Encodes what is signed once, and then puts each file's digest in its place: nothing else of it changes from file to file.

    pyHanko encodes it anew for each file, two thirds of the time that a seal takes.
    """

    _form: bytes | None = None

    async def signed_attrs(self, data_digest: bytes, digest_algorithm: str, *others: Any, **how: Any) -> CMSAttributes:
        """The attributes of a file with this digest (pyHanko's name and arguments)."""
        if self._form is None:
            attributes = await super().signed_attrs(PLACE_OF_THE_DIGEST, digest_algorithm, *others, **how)
            self._form = attributes.dump()
            assert self._form.count(PLACE_OF_THE_DIGEST) == 1, "The digest stands in one attribute."
        assert len(data_digest) == len(PLACE_OF_THE_DIGEST)
        return CMSAttributes.load(self._form.replace(PLACE_OF_THE_DIGEST, data_digest))


class FileSigner(OneFormSigner, SimpleSigner):
    """Signs with a key from a file."""


class SealedFile(IncrementalPdfFileWriter):
    """The file to which the seal is added. What it says of itself stays: pyHanko would write its metadata anew, with the time of sealing,
    which the seal has already."""

    def _update_meta(self) -> None:
        """Nothing."""


class Seal:
    """Seals files, invisibly and whole: B-B, or B-T with the time-stamp authority's word. No change is allowed after it."""

    def __init__(self, signer: Signer, chain: Chain, authority: TimeStamper | None = None) -> None:
        room = ATTRIBUTES_BYTES + sum(len(each.dump()) for each in chain) + (TIME_STAMP_BYTES if authority else 0)
        self._hexadecimal_digits = 2 * room
        how = PdfSignatureMetadata(
            FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
        )
        self._signer = PdfSigner(how, signer, timestamper=authority)

    async def __call__(self, pdf: bytes) -> bytes:
        """The sealed file: the same bytes and, behind them, the seal. Raises TimestampRequestError when the authority does not answer."""
        sealed = await self._signer.async_sign_pdf(SealedFile(BytesIO(pdf)), bytes_reserved=self._hexadecimal_digits)
        return bytes(sealed.getvalue())


def signer_in_file(key: bytes, chain: Chain) -> Signer:
    """Who signs with this private key, in PEM."""
    certificate, *issuers = chain
    private_key = load_private_key_from_pemder_data(key, passphrase=None)
    return FileSigner(certificate, private_key, SimpleCertificateStore.from_certs(issuers))  # type: ignore[no-untyped-call]  # pyHanko's


def signer_in_device(device: Device, pin: str, chain: Chain) -> Signer:
    """Who has the device sign. Only hashes go to it, so that it need not know how to make them."""
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415  # loads native code that only a device needs

    class DeviceSigner(OneFormSigner, PKCS11Signer):
        """Signs in the device."""

    certificate, *issuers = chain
    session = open_pkcs11_session(device.module, token_criteria=TokenCriteria(label=device.token), user_pin=pin)
    return DeviceSigner(session, signing_cert=certificate, ca_chain=issuers, key_label=device.key, use_raw_mechanism=True)


async def require_own_certificate(signer: Signer, certificate: Certificate) -> None:
    """Raises ValueError unless what is signed now is proven by the certificate: the key is its key, and can be used."""
    trial = b"A trial of the seal's key"
    signature = await signer.async_sign_raw(trial, "sha256")
    public_key = load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(signature, trial, padding.PKCS1v15(), SHA256())
        elif isinstance(public_key, ec.EllipticCurvePublicKey):
            public_key.verify(signature, trial, ec.ECDSA(SHA256()))
        else:
            raise ValueError("The seal's key is neither RSA nor on an elliptic curve.")  # noqa: TRY004  # no programming error
    except InvalidSignature:
        raise ValueError("The first certificate of the seal's chain is not of the seal's key.") from None
