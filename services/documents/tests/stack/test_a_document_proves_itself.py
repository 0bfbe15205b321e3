from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from espace_contracts.vocabulary import Locale
from espace_documents.inspection.sealed_file import data_in

from .conftest import Person, Service, token

TOLD = {"finding", "sentences", "type", "issued_on", "reference", "replaced_by"}


@pytest.fixture
async def person(service: Service) -> Person:
    return await service.person(edelivery=True)


async def delivered(service: Service, person: Person, *, exactly: int = 1) -> tuple[dict, bytes]:
    """What the person received last: how it is listed, and its file."""
    await service.closes(person)
    document = (await person.receives(exactly=exactly))[0]
    return document, (await person.get(f"/documents/{document['id']}/pdf")).content


def code_in(pdf: bytes) -> str:
    data = data_in(pdf)
    assert data is not None
    return data["verification"]


async def asked(service: Service, code: str) -> dict:
    """What anybody is told, without any login."""
    answer = await service.http.get(f"/api/v1/verifications/{code}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json().keys() == TOLD
    return answer.json()


async def withdrawn(service: Service, document: str, replaced_by: str | None = None) -> int:
    path = f"/internal/documents/{document}/withdrawal"
    return (await service.http.put(path, json={"replaced_by": replaced_by}, headers=token("procedures", "service"))).status_code


async def test_whoever_holds_a_document_learns_that_it_is_genuine_and_nothing_of_the_person(service, person):
    document, pdf = await delivered(service, person)
    told = await asked(service, code_in(pdf))
    assert (told["finding"], told["type"], told["reference"]) == ("genuine", document["type"], document["reference"])
    assert set(told["sentences"]) == set(Locale)
    assert told["issued_on"] == (await service.stored(UUID(document["id"]))).source.issued_on.isoformat()
    assert not any(secret in str(told) for secret in ("Sophie", "Hoffmann", str(person.id), document["id"]))


@pytest.mark.parametrize("code", ["A" * 160, "hello", "%20", "a" * 400])
async def test_of_what_the_fund_did_not_sign_nothing_is_told(service, code):
    told = await asked(service, code)
    assert told["finding"] == "unknown"
    assert (told["type"], told["issued_on"], told["reference"], told["replaced_by"]) == (None,) * 4


async def test_a_document_that_was_withdrawn_or_replaced_says_so(service, person):
    first, first_pdf = await delivered(service, person)
    second, second_pdf = await delivered(service, person, exactly=2)
    third, _ = await delivered(service, person, exactly=3)
    assert await withdrawn(service, first["id"]) == 204
    assert await withdrawn(service, second["id"], third["id"]) == 204
    assert (await asked(service, code_in(first_pdf)))["finding"] == "withdrawn"
    told = await asked(service, code_in(second_pdf))
    assert (told["finding"], told["replaced_by"]) == ("replaced", third["reference"])


async def test_only_a_service_withdraws_and_only_what_is_there(service, person):
    document, pdf = await delivered(service, person)
    path = f"/internal/documents/{document['id']}/withdrawal"
    assert (await service.http.put(path, json={}, headers=token(person.id, "person"))).status_code in {401, 403}
    assert (await service.http.put(path, json={})).status_code == 401
    assert await withdrawn(service, str(uuid4())) == 404
    assert await withdrawn(service, document["id"], str(uuid4())) == 404
    assert (await asked(service, code_in(pdf)))["finding"] == "genuine"


async def test_a_file_is_checked_offline_with_the_public_keys_alone(service, person, secrets, tmp_path):
    document, pdf = await delivered(service, person)
    key, chain = tmp_path / "verification.pub", tmp_path / "chain.pem"
    key.write_bytes((secrets / "documents-verification.pub").read_bytes())
    chain.write_bytes((secrets / "documents-seal-chain.pem").read_bytes())
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)

    ended, said = await verify(file, "--key", key, "--chain", chain)
    assert (ended, "Genuine" in said, document["reference"] in said, "The file is whole" in said) == (0, True, True, True)
    ended, said = await verify(file, "--key", key)
    assert (ended, "was not checked" in said) == (0, True)
    ended, said = await verify("--code", code_in(pdf), "--key", key)
    assert (ended, document["reference"] in said) == (0, True)
    ended, said = await verify("--code", code_in(pdf)[:-1] + ("A" if code_in(pdf)[-1] != "A" else "B"), "--key", key)
    assert (ended, "Unknown" in said) == (1, True)
    ended, _ = await verify("--key", key)
    assert ended == 2

    (tmp_path / "altered.pdf").write_bytes(pdf[:3000] + bytes([pdf[3000] ^ 1]) + pdf[3001:])
    ended, said = await verify(tmp_path / "altered.pdf", "--key", key)
    assert (ended, "Altered" in said) == (1, True)
    (tmp_path / "no.pdf").write_bytes(b"%PDF-1.7 no")
    ended, said = await verify(tmp_path / "no.pdf", "--key", key)
    assert (ended, "Unknown" in said) == (1, True)


async def verify(*arguments: str | Path) -> tuple[int, str]:
    """How the command ends, and what it says."""
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb"}
    command = (sys.executable, "-m", "espace_documents", "verify", *map(str, arguments))
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment
    )
    said, complained = await process.communicate()
    assert process.returncode == 2 or complained == b"", complained
    return process.returncode, said.decode()
