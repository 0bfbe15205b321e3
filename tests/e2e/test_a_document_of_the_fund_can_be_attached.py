"""Persons send letters of the fund back to it. Each carries its data as a file, and a seal over the whole."""

from __future__ import annotations

from io import BytesIO

from harness.procedure import change_of_bank_details
from harness.waiting import until
from pypdf import PdfReader
from pypdfium2 import PdfDocument


async def test_a_sealed_document_is_attached_without_its_file_and_shows_the_same_pages(espace):
    person = await espace.insured_person(edelivery=True)
    procedure = await person.submits(change_of_bank_details(statement=False))
    await person.sees_status(procedure, "to_be_corrected")
    (sealed,) = await until(lambda: person.receipts(procedure), "the receipt in the eSpace")
    assert list(PdfReader(BytesIO(sealed.pdf)).attachments) == ["document.json"]
    assert b"/ByteRange" in sealed.pdf

    await person.attaches(procedure, {"bank_statement": sealed.pdf})
    (attached,) = (await person.sees(procedure))["attachments"]
    answer = await person.asks("GET", f"/api/v1/procedures/{procedure.id}/attachments/{attached['id']}/file")
    assert answer.status_code == 200, answer.text
    stored = PdfReader(BytesIO(answer.content))
    assert list(stored.attachments) == []
    assert {"/AF", "/Perms"}.isdisjoint(stored.trailer["/Root"])
    assert b"/ByteRange" not in answer.content, "a seal that the change broke would call the letter a forgery"
    assert pages_of(answer.content) == pages_of(sealed.pdf)


def pages_of(pdf: bytes) -> list[bytes]:
    """Each page as a picture."""
    return [page.render(scale=1.5).to_pil().tobytes() for page in PdfDocument(pdf)]
