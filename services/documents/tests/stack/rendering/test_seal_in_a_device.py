"""The seal's key in a device that never gives it away: SoftHSM, behind the interface (PKCS#11) that every such device has."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.keys import load_certs_from_pemder_data

from espace_documents.inspection.sealed_file import seal_on
from espace_documents.rendering import RenderedDocument, RenderingInterrupted, RenderingPool, SealingPool
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.device import Device
from espace_documents.rendering.worker import sample_request

PIN = "271828"
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")


def in_the_device(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments, "--pin", PIN], check=True, capture_output=True)


@pytest.fixture(scope="module")
def device(secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Device:
    """With the key of the embedded stack's seal in it."""
    assert shutil.which("softhsm2-util"), "SoftHSM is not installed; run bin/debian-packages as root."
    folder = tmp_path_factory.mktemp("device")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    in_the_device("--init-token", "--free", "--label", "espace", "--so-pin", "314159")
    in_the_device("--import", str(secrets / "documents-seal.key"), "--token", "espace", "--label", "seal", "--id", "01")
    in_the_device("--import", str(secrets / "documents-verification.key"), "--token", "espace", "--label", "another", "--id", "02")
    return Device(str(LIBRARY), "espace", "seal", ("SOFTHSM2_CONF",))


@pytest.fixture
def without_key(secrets: Path, tmp_path: Path) -> Path:
    """A folder of secrets with the PIN of the device instead of the key."""
    shutil.copy(secrets / "documents-seal-chain.pem", tmp_path)
    (tmp_path / "documents-seal.pin").write_text(f"{PIN}\n")
    return tmp_path


@pytest.fixture(scope="module")
async def unsealed(typesetting: RenderingPool) -> RenderedDocument:
    return await typesetting.render(sample_request(ASSETS / "templates" / "bank_account_change" / "sample.json", "fr"))


@asynccontextmanager
async def opened(secrets: Path, device: Device) -> AsyncIterator[SealingPool]:
    pool = SealingPool(1, secrets, None, device)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


async def test_a_seal_made_in_a_device_is_the_funds_like_one_made_with_the_file(without_key, secrets, device, sealing, unsealed):
    (*_, issuer) = load_certs_from_pemder_data((secrets / "documents-seal-chain.pem").read_bytes())
    async with opened(without_key, device) as pool:
        in_device = await pool.seal(unsealed)
    by_file = await sealing.seal(unsealed)
    seals = [await asyncio.to_thread(seal_on, sealed.pdf, [issuer]) for sealed in (in_device, by_file)]
    assert [(seal.whole, seal.trusted) for seal in seals] == [(True, True)] * 2
    assert seals[0].signer == seals[1].signer
    assert in_device.pdf.startswith(unsealed.pdf)


async def test_a_process_that_dies_is_replaced_by_one_that_opens_the_device_again(without_key, device, unsealed):
    async with opened(without_key, device) as pool:
        (worker,) = pool._staff
        os.kill(worker.pid, signal.SIGKILL)
        async with asyncio.timeout(30):
            while True:
                try:
                    assert (await pool.seal(unsealed)).pages == 1
                    break
                except RenderingInterrupted:
                    continue


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"token": "nobodys"}, "No token matching"),
        ({"key": "nobodys"}, "Could not find private key"),
        ({"key": "another"}, "not of the seal's key"),
        ({"module": "/nowhere.so"}, "nowhere"),
    ],
    ids=["token", "key", "chain", "library"],
)
async def test_without_its_key_in_the_device_the_service_does_not_start_and_says_why(without_key, device, changed, why):
    with pytest.raises(RenderingInterrupted, match=why):
        async with opened(without_key, replace(device, **changed)):
            pass


async def test_with_the_wrong_pin_the_service_does_not_start_and_does_not_say_it(without_key, device):
    (without_key / "documents-seal.pin").write_text("161803")
    with pytest.raises(RenderingInterrupted, match="PinIncorrect") as refusal:
        async with opened(without_key, device):
            pass
    assert "161803" not in str(refusal.value)
