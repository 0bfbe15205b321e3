"""`python -m espace_documents verify FILE.pdf --key KEY.pem`, or `--code TEXT` for what a reader found in the QR code. Asks nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pyhanko.keys import load_certs_from_pemder_data

from espace_documents.domain.verification import Claim, digest_of
from espace_documents.inspection.sealed_file import data_in, seal_on

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="the document as it was downloaded")]
Code = Annotated[str | None, typer.Option("--code", help="the text of the QR code, for a document on paper")]
Key = Annotated[Path, typer.Option("--key", exists=True, dir_okay=False, help="the fund's public verification key, in PEM")]
Chain = Annotated[Path | None, typer.Option("--chain", exists=True, dir_okay=False, help="the certificates the seal is trusted by, in PEM")]


class NotGenuine(Exception):
    """The document is not what the fund issued; the text says why and what to do."""


@app.callback()
def documents() -> None:
    """The service's command line. Without any argument the service itself runs."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it found is said in a sentence


@app.command()
def verify(*, file: File = None, code: Code = None, key: Key, chain: Chain = None) -> None:
    """Tell, offline, whether the fund issued a document. Ends with 0 if it did, 1 if not, 2 if it was asked wrongly."""
    if (file is None) == (code is None):
        raise typer.BadParameter("Name either a PDF file or, with --code, the text of a QR code.")
    public_key = load_pem_public_key(key.read_bytes())
    if not isinstance(public_key, EllipticCurvePublicKey):
        raise typer.BadParameter("The key is not a public key on an elliptic curve. Take the fund's verification key.")
    try:
        if code is not None:
            typer.echo(of_code(code, public_key))
        if file is not None:
            typer.echo(of_file(file.read_bytes(), public_key, [*load_certs_from_pemder_data(chain.read_bytes())] if chain else None))
    except NotGenuine as verdict:
        typer.echo(verdict)
        raise typer.Exit(1) from None


def of_code(code: str, key: EllipticCurvePublicKey) -> str:
    """What the code proves. Raises NotGenuine."""
    claim = signed_claim(code, key)
    return (
        f"Genuine: the fund issued the {claim.type} {claim.reference} on {claim.issued_on}. Compare them with the paper. "
        "Whether it was withdrawn since, only the online check can tell."
    )


def of_file(pdf: bytes, key: EllipticCurvePublicKey, trusted: Iterable[Certificate] | None) -> str:
    """What the file proves. `trusted` are the certificates that vouch for the seal's; None when it shall not be asked who sealed.

    Raises NotGenuine.
    """
    data = data_in(pdf)
    if data is None:
        raise NotGenuine("Unknown: this file holds no data of a document of the eSpace. Take the PDF as it was downloaded.")
    claim = signed_claim(str(data.get("verification")), key)
    if claim.data != digest_of(data):
        raise NotGenuine("Altered: the data in the file is not what the fund signed. Ask for the document again.")
    seal = seal_on(pdf, trusted or ())
    if not seal.whole:
        raise NotGenuine("Altered: the file is not sealed, or was changed after it was sealed. Ask for the document again.")
    if trusted is not None and not seal.trusted:
        raise NotGenuine(f"Altered: the file is sealed by {seal.signer}, whom the certificates that you gave do not vouch for.")
    by = f"sealed by {seal.signer}" + ("" if trusted is not None else ", whose certificate was not checked (give --chain)")
    return f"{of_code(str(data['verification']), key)} The file is whole, {by}."


def signed_claim(code: str, key: EllipticCurvePublicKey) -> Claim:
    """The claim of a code. Raises NotGenuine."""
    claim = Claim.read(code, key)
    if claim is None:
        raise NotGenuine("Unknown: the fund did not sign this code. Read it once more; if the answer stays the same, do not rely on it.")
    return claim
