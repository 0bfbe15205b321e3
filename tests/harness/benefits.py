"""What the fund grants without being asked, and the one document that tells of it."""

from __future__ import annotations

from .espace import Espace
from .person import Document, InsuredPerson
from .print_run import Letter, sha256_of
from .waiting import until

LETTER_REQUESTED = "lu.cns.espace.letter.requested.v1"

KINDS = (
    "reimbursement_statement",
    "family_leave_certificate",
    "remuneration_certificate",
    "cash_benefit_calculation",
    "payment_charge_change",
    "late_declaration_warning",
    "identification_number_missing",
    "joint_committee_notification",
    "household_sick_pay_notice",
    "direct_payment_statement",
)
"""The documents that a benefit leads to."""


async def settle_each(espace: Espace, person: InsuredPerson) -> None:
    """One benefit of each kind, with sample content."""
    for kind in KINDS:
        await espace.fund.records("benefits", person.file.insured, kind=kind)


async def all_in_the_espace(person: InsuredPerson) -> list[Document]:
    """The person's documents, once there are as many as kinds."""

    async def enough() -> bool:
        return len((await person.looks_at("documents"))["documents"]) >= len(KINDS)

    await until(enough, f"{len(KINDS)} documents in the eSpace")
    return await person.documents()


async def all_at_the_printers(espace: Espace, person: InsuredPerson) -> dict[str, list[Letter]]:
    """The person's letters as they were printed, by type, once there are as many as kinds."""
    insured = person.file.insured
    await espace.topics.hears(insured, LETTER_REQUESTED, times=len(KINDS))
    await espace.topics.are_quiet()
    printed = {letter: sha256_of(letter.pdf) for letter in espace.print_run.all()}
    letters: dict[str, list[Letter]] = {kind: [] for kind in KINDS}
    for requested in espace.topics.about(insured, LETTER_REQUESTED):
        of_it = [letter for letter, sha256 in printed.items() if sha256 == requested.data["pdf"]["sha256"]]
        letters[requested.data["document_type"]] += of_it
    return letters
