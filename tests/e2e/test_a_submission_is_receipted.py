from __future__ import annotations

from io import BytesIO

from harness.procedure import NEW_IBAN, change_of_bank_details
from pypdf import PdfReader

IBAN = "LU28 0019 4006 4475 0000"


async def test_a_receipt_of_each_submission_lies_in_the_espace_even_without_edelivery(espace):
    person = await espace.insured_person(edelivery=False)
    with_statement = change_of_bank_details(NEW_IBAN)
    procedure = await person.submits(change_of_bank_details(NEW_IBAN, statement=False))
    await person.sees_status(procedure, "to_be_corrected")
    await espace.topics.are_quiet()
    (first,) = await person.receipts(procedure)
    await person.attaches(procedure, with_statement.files)
    await person.forwards(procedure)
    await person.sees_status(procedure, "closed")
    await espace.topics.are_quiet()

    second, again = await person.receipts(procedure)
    assert again == first
    for handed_in in (IBAN, f"{person.file.given_name} {person.file.family_name}", procedure.reference):
        assert handed_in in text_of(first)
    (attached,) = (await person.sees(procedure))["attachments"]
    for handed_in in (IBAN, "PDF", attached["sha256"]):
        assert handed_in in text_of(second)
    assert "SHA-256" not in text_of(first)
    (letter,) = espace.print_run.letters(procedure)
    assert "SHA-256" not in letter.text


def text_of(document):
    return " ".join(PdfReader(BytesIO(document.pdf)).pages[0].extract_text().split())
