import base64
import datetime as dt
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

SIGNING_KEY = "identity-signing-key.pem"
ATTACHMENTS_KEY = "procedures-attachments.key"
ARCHIVE_KEY = "documents-archive.key"
SEAL_KEY = "documents-seal.key"
SEAL_CHAIN = "documents-seal-chain.pem"
VERIFICATION_KEY = "documents-verification.key"
VERIFICATION_PUBLIC_KEY = "documents-verification.pub"
LOGIN_PROVIDERS = "login-providers.secret"
SMS_GATEWAY = "sms-gateway.secret"
_KEY_BYTES = 32
_SEAL_LASTS = dt.timedelta(days=730)


def make_missing(folder: Path, services: Iterable[str]) -> None:
    """Writes the secrets that do not exist yet, readable by this account alone: the keys of tokens, of attachments, of the
    archive, of the documents' seal and of their verification codes, what the eSpace proves itself with to the login providers and
    to the gateway of text messages, and a secret a service."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _make(folder / SIGNING_KEY, _new_key)
    _make(folder / SEAL_KEY, _new_key)
    _make(folder / SEAL_CHAIN, lambda: _chain_of(folder / SEAL_KEY))
    _make(folder / VERIFICATION_KEY, _new_key)
    _make(folder / VERIFICATION_PUBLIC_KEY, lambda: _public_part_of(folder / VERIFICATION_KEY))
    for name in (ATTACHMENTS_KEY, ARCHIVE_KEY):
        _make(folder / name, lambda: base64.b64encode(secrets.token_bytes(_KEY_BYTES)))
    for name in (LOGIN_PROVIDERS, SMS_GATEWAY, *(f"{service}.client-secret" for service in services)):
        _make(folder / name, lambda: secrets.token_urlsafe(32).encode())


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _public_part_of(key: Path) -> bytes:
    return _read_key(key).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _chain_of(key: Path) -> bytes:
    """The certificate of the seal's key and its issuer's. The issuer's own key is forgotten: it signs nothing else."""
    issuer_key, seal_key = ec.generate_private_key(ec.SECP256R1()), _read_key(key)
    issuer, holder = _name("Demonstration issuer of seals"), _name("Demonstration seal of the insured eSpace")
    ca = x509.BasicConstraints(ca=True, path_length=0)
    root = _certificate(issuer, issuer_key).issuer_name(issuer).add_extension(ca, critical=True)
    own = _certificate(holder, seal_key).issuer_name(issuer).add_extension(_SIGNS_DOCUMENTS, critical=True)
    return b"".join(each.sign(issuer_key, SHA256()).public_bytes(Encoding.PEM) for each in (own, root))


_SIGNS_DOCUMENTS = x509.KeyUsage(
    digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
    key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
)  # fmt: skip


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "LU"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(holder: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(holder)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _SEAL_LASTS)
        .add_extension(identifier, critical=False)
    )


def _make(path: Path, content: Callable[[], bytes]) -> None:
    if path.exists():
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content())
    unfinished.rename(path)
