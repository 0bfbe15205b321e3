from __future__ import annotations

from harness.procedure import NEW_IBAN, change_of_bank_details

TO_BE_CORRECTED = "lu.cns.espace.procedure.to_be_corrected.v1"
BANK_DETAILS_RECORDED = "lu.cns.persons.bank_details.recorded.v1"


async def test_it_is_to_be_corrected_then_corrected_and_closed_with_one_document(espace):
    person = await espace.insured_person(edelivery=True)
    with_statement = change_of_bank_details(NEW_IBAN)
    procedure = await person.submits(change_of_bank_details(NEW_IBAN, statement=False))

    shown = await person.sees_status(procedure, "to_be_corrected")
    (correction,) = shown["corrections"]
    assert "RIB" in correction["reason"]
    await espace.topics.are_quiet()
    assert await person.documents() == []
    assert len(espace.topics.about(person.file.insured, TO_BE_CORRECTED)) == 1
    assert (await person.bank_account())[-4:] == person.file.iban[-4:]

    await person.attaches(procedure, with_statement.files)
    await person.forwards(procedure)
    shown = await person.sees_status(procedure, "closed")

    await person.receives(exactly=1, about=procedure)
    await espace.topics.are_quiet()
    assert [move["status"] for move in shown["history"]] == ["in_preparation", "forwarded", "to_be_corrected", "forwarded", "closed"]
    assert len(await person.documents()) == 1
    assert len(espace.topics.about(person.file.insured, BANK_DETAILS_RECORDED)) == 2
