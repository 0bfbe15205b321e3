"""A canary: her name, number, account and addresses are unlike any other's, so that a search of the logs is a proof."""

from __future__ import annotations

import json

from harness.procedure import NEW_IBAN, change_of_bank_details, ehic_certificate


async def test_neither_name_nor_number_nor_account_nor_address_is_in_a_log_or_a_metric(espace):
    canary = await espace.insured_person(edelivery=True)
    corrected = await canary.submits(change_of_bank_details(NEW_IBAN, statement=False))
    await canary.sees_status(corrected, "to_be_corrected")
    await canary.attaches(corrected, change_of_bank_details(NEW_IBAN).files)
    await canary.forwards(corrected)
    document = await canary.receives(exactly=1, about=corrected)
    await canary.switches_edelivery(on=False)
    posted = await canary.submits(ehic_certificate())
    await espace.print_run.receives(exactly=1, about=posted)
    for path in ("/api/v1/me", "/api/v1/me/bank-details", f"/api/v1/documents/{canary.file.matricule}"):
        await canary.asks("GET", path)
    malformed = json.dumps({"insured": canary.file.insured, "name": canary.file.family_name, "iban": canary.file.iban}).encode()
    await espace.topics.say("espace.procedures.v1", canary.file.insured, "lu.cns.espace.procedure.closed.v1", malformed)
    await espace.topics.dead_letter("documents", canary.file.insured)

    file = canary.file
    private = (file.family_name, file.matricule, file.iban, NEW_IBAN, canary.email, *file.address)
    written = {**espace.logs(), **{f"metrics of {service}": text for service, text in (await espace.metrics()).items()}}
    assert {"procedures.log", "documents.log", "gateway.log", "identity.log", "notifications.log"} <= written.keys()
    assert document.id in written["documents.log"], "the logs of this very stack are searched"
    assert all(text for name, text in written.items() if name.startswith("metrics"))
    found = [(name, secret) for name, text in written.items() for secret in private if secret.lower() in text.lower()]
    assert found == []
