"""A sealing process: seals one file after another until its stdin closes. Started as ``python -m`` by the sealing pool.

It alone uses the seal's key, from a file or in a device: neither the service, which talks to the network, nor the rendering workers,
in which native libraries read what strangers wrote, ever hold it.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from espace_documents.rendering import wire
from espace_documents.rendering.device import Device
from espace_documents.rendering.wire import Answer, Outcome
from espace_documents.rendering.worker import confine, send, take_over_stdout

if TYPE_CHECKING:
    from espace_documents.rendering.seal import Seal

KEY, CHAIN, PIN = "documents-seal.key", "documents-seal-chain.pem", "documents-seal.pin"
"""Secret files: the private key, or the word that opens the device which holds it; and the certificates, the own first."""


def main() -> None:
    """Works until there is nothing more to read.

    Arguments: the folder of secrets, the authority's address or nothing, the device's three names if there is one, the memory limit.
    """
    answers = take_over_stdout()
    secrets, authority, *device, memory_limit_mb = sys.argv[1:]
    with asyncio.Runner() as runner:
        try:
            confine(int(memory_limit_mb), writes=bool(device))  # a device's library may keep files of its own
            seal = runner.run(seal_from(Path(secrets), authority, device))
        except Exception as error:  # noqa: BLE001  # told to the pool, which has nobody else to ask
            send(answers, Answer(Outcome.UNFIT, f"{type(error).__name__}: {error}").encoded())
            return
        send(answers, Answer(Outcome.READY).encoded())
        gc.collect()
        gc.freeze()  # what is loaded stays: looking through it now and then takes a tenth of a seal's time
        for pdf in wire.payloads(sys.stdin.buffer):
            send(answers, *runner.run(sealed(seal, pdf)))


async def seal_from(secrets: Path, authority: str, device: Sequence[str]) -> Seal:
    """The seal of the key in this folder or device; with time stamps of the authority at this address, if there is one."""
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415  # loaded under the limits set above
    from pyhanko.sign.timestamps import HTTPTimeStamper  # noqa: PLC0415  # as above

    from espace_documents.rendering import seal  # noqa: PLC0415  # as above

    secret = (secrets / (PIN if device else KEY)).read_bytes()
    chain = [*load_certs_from_pemder_data((secrets / CHAIN).read_bytes())]
    if device:
        module, token, key = device
        signer = seal.signer_in_device(Device(module, token, key), secret.decode().strip(), chain)
    else:
        signer = seal.signer_in_file(secret, chain)
    await seal.require_own_certificate(signer, chain[0])
    return seal.Seal(signer, chain, HTTPTimeStamper(authority) if authority else None)


async def sealed(seal: Seal, pdf: bytes) -> tuple[bytes, ...]:
    """The frames that answer one file. Of what goes wrong only the kind is told: a text may quote the file."""
    try:
        return Answer(Outcome.RENDERED).encoded(), await seal(pdf)
    except Exception as error:  # noqa: BLE001  # whatever it is, the next file may be sealed
        return (Answer(Outcome.REFUSED, type(error).__name__).encoded(),)


if __name__ == "__main__":
    main()
