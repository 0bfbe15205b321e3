from __future__ import annotations

from harness.procedure import NEW_IBAN, change_of_bank_details


async def test_a_notice_names_neither_the_person_nor_what_waits(espace):
    person = await espace.insured_person(edelivery=True)
    procedure = await person.submits(change_of_bank_details(NEW_IBAN, statement=False))
    await person.sees_status(procedure, "to_be_corrected")
    await person.attaches(procedure, change_of_bank_details(NEW_IBAN).files)
    await person.forwards(procedure)
    document = await person.receives(exactly=1, about=procedure)

    # eDelivery switched on, the procedure to be corrected, the document available
    notices = await espace.mailbox.receives(person.email, exactly=3)
    await espace.topics.are_quiet()
    assert len(espace.mailbox.notices_to(person.email)) == 3

    file = person.file
    title = (await person.sees(procedure))["title"]
    secrets = (
        file.given_name, file.family_name, file.matricule, file.iban, NEW_IBAN, procedure.reference, procedure.id, document.reference,
        document.id, document.title, title, file.insured,
    )  # fmt: skip
    for notice in notices:
        everything = f"{notice.source}\n{notice.subject}\n{notice.text}"
        assert [secret for secret in secrets if secret.lower() in everything.lower()] == []
