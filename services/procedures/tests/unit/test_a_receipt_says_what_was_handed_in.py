"""Whoever forwards a procedure with a login is told in a document what they handed in, in the words they read."""

from __future__ import annotations

from uuid import uuid4

import pytest

from espace_contracts.contents import SubmissionReceipt
from espace_contracts.events import DocumentOrdered
from espace_contracts.vocabulary import DocumentType, Locale, ProcedureKind
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.events import ReceiptDue
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.procedure import Procedure
from espace_procedures.events.outgoing import contract_of

from .conftest import (
    APPOINTMENT,
    APPOINTMENT_ANSWERS,
    BANK,
    CHILD,
    COINSURANCE,
    EHIC,
    ENTITLEMENT,
    NOON,
    SELF,
    SPOUSE,
    correction,
    draft,
    submit,
)

LONGEST_LINE = 120
"""What a document takes on one line."""
STATEMENT = Attachment(uuid4(), "bank_statement", uuid4(), "b1" * 32, 48_213, "application/pdf")


def receipts_of(procedure: Procedure) -> list[SubmissionReceipt]:
    orders = [contract_of(event) for event in procedure.recorded if isinstance(event, ReceiptDue)]
    assert all(isinstance(order, DocumentOrdered) for order in orders)
    return [order.document.content for order in orders]


def answers_of(kind: ProcedureKind, answers: dict[str, str], locale: Locale = Locale.FRENCH) -> list[tuple[str, str]]:
    """What the receipt says of these answers."""
    procedure = draft(kind, locale, answers)
    submit(procedure)
    [receipt] = receipts_of(procedure)
    return [(said.question, said.answer) for said in receipt.answers]


def test_it_names_the_procedure_the_moment_the_account_in_full_and_each_file():
    procedure = draft(BANK, Locale.GERMAN)
    procedure.attach(STATEMENT, NOON)
    submit(procedure)
    order = contract_of(procedure.recorded[-1])
    assert (order.insured, order.document.recipient, order.procedure, order.locale) == (SELF, SELF, procedure.id, Locale.GERMAN)
    assert not order.document.by_post
    receipt = order.document.content
    assert receipt.type is DocumentType.SUBMISSION_RECEIPT
    assert (receipt.procedure_reference, receipt.procedure_kind, receipt.submitted_at) == (procedure.reference, BANK, NOON)
    assert receipt.submission == 1
    assert [(said.question, said.answer) for said in receipt.answers] == [
        ("IBAN des neuen Kontos", "LU28 0019 4006 4475 0000"),
        ("Kontoinhaber", "Sophie Hoffmann"),
    ]
    [file] = receipt.files
    assert (file.media_type, file.size, file.sha256) == (STATEMENT.media_type, STATEMENT.size, STATEMENT.sha256)
    assert file.role == LANGUAGES[Locale.GERMAN].say(CATALOGUE[BANK].attachments[0].label)


def test_persons_are_named_countries_and_days_written_out():
    answers = {"persons": f"{SELF} {CHILD}", "destination": "PT", "travel_from": "2026-04-01", "travel_to": "2026-04-12"}
    assert answers_of(EHIC, answers) == [
        ("Qui voyage", "Sophie Hoffmann (vous-même)\nMia Hoffmann"),
        ("Pays où vous vous rendez", "Portugal"),
        ("Premier jour du voyage", "1er avril 2026"),
        ("Dernier jour du voyage", "12 avril 2026"),
    ]
    assert answers_of(COINSURANCE, {"persons": str(SPOUSE)})[0][1] == "Luc Schmit"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        (Locale.FRENCH, ["Oui", "À l\u2019agence", "jeudi 12 mars 2026 à 10:30"]),
        (Locale.GERMAN, ["Ja", "In der Agentur", "Donnerstag, 12. März 2026, 10:30 Uhr"]),
        (Locale.ENGLISH, ["Yes", "At the agency", "Thursday 12 March 2026 at 10:30"]),
        (Locale.LUXEMBOURGISH, ["Jo", "An der Agence", "Donneschdeg, 12. Mäerz 2026, 10:30 Auer"]),
    ],
)
def test_choices_agreement_and_times_are_in_the_language_of_the_submission(locale, written):
    said = [answer for _, answer in answers_of(APPOINTMENT, APPOINTMENT_ANSWERS | {"phone": "+352621123456"}, locale)]
    assert [said[0], said[2], said[4]] == written
    assert (said[3], said[5]) == ("Luxembourg", "+352621123456")


def test_a_choice_named_by_a_sentence_or_a_country_is_said_as_it_was_read():
    answers = {"stay_from": "2026-06-01", "stay_to": "2026-07-01", "persons": str(SELF)}
    assert answers_of(ENTITLEMENT, answers | {"country": "tunisia"})[0][1] == "Tunisie"


def test_a_question_without_an_answer_is_left_out_and_all_may_be():
    assert answers_of(EHIC, {}) == []


def test_a_correction_is_receipted_again_and_a_repeat_is_the_same_order():
    procedure = draft(BANK)
    submit(procedure)
    procedure.send_back(correction(1), NOON)
    procedure.save_answers({**procedure.answers, "holder": "Sophie Hoffmann-Weber"}, NOON)
    submit(procedure)
    first, second = receipts_of(procedure)
    assert (first.submission, second.submission) == (1, 2)
    assert [said.answer for said in second.answers][1] == "Sophie Hoffmann-Weber"
    orders = [event.order for event in procedure.recorded if isinstance(event, ReceiptDue)]
    again = draft(BANK)
    again.id = procedure.id
    submit(again)
    assert orders[0] != orders[1]
    assert [event.order for event in again.recorded if isinstance(event, ReceiptDue)] == orders[:1]


def test_every_question_and_file_is_named_on_one_line_of_a_document():
    labels = [named.label for definition in CATALOGUE.values() for named in (*definition.questions, *definition.attachments)]
    said = [LANGUAGES[locale].say(label) for label in labels for locale in Locale]
    assert max(map(len, said)) <= LONGEST_LINE
