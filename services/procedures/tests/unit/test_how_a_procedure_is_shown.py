from __future__ import annotations

import copy
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import Locale
from espace_procedures.api import present
from espace_procedures.api.language import LANGUAGES
from espace_procedures.api.refusals import problem_of
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.refusals import AnswersToCorrect, Refusal

from .conftest import BANK, NOON, approval, correction, draft


def test_a_draft_shows_what_to_mend_and_what_is_missing():
    shown = present.whole(draft(answers={"iban": "BE41539007547035"}), NOON)
    assert [finding.field for finding in shown.errors] == ["holder"]
    assert [finding.field for finding in shown.warnings] == ["iban"]
    assert [role.role for role in shown.missing_attachments] == ["bank_statement"]
    assert shown.actions == ["save_answers", "attach", "submit", "delete"]
    assert shown.reference.startswith("BDC-")


def test_what_is_with_the_fund_shows_nothing_to_do():
    procedure = draft()
    procedure.attach(Attachment(uuid4(), "bank_statement", uuid4(), "0" * 64, 7, "image/png"))
    procedure.submit(uuid4(), NOON, freshly_logged_in=True)
    procedure.answers = {}
    shown = present.whole(procedure, NOON)
    assert (shown.errors, shown.missing_attachments, shown.actions, shown.submissions) == ([], [], [], 1)
    assert [(file.role, file.media_type, file.size) for file in shown.attachments] == [("bank_statement", "image/png", 7)]
    assert "blob" not in shown.model_dump_json()


@pytest.mark.parametrize(
    ("locale", "labels"),
    [
        ("fr", ["En préparation", "Transmise", "À corriger", "Transmise", "Clôturée"]),
        ("de", ["In Vorbereitung", "Übermittelt", "Zu korrigieren", "Übermittelt", "Abgeschlossen"]),
        ("en", ["In preparation", "Forwarded", "To be corrected", "Forwarded", "Closed"]),
        ("lb", ["A Virbereedung", "Iwwermëttelt", "Ze korrigéieren", "Iwwermëttelt", "Ofgeschloss"]),
    ],
)
def test_the_whole_history_is_shown_in_each_language(locale, labels):
    procedure = draft(BANK, Locale(locale))
    procedure.submit(uuid4(), NOON, freshly_logged_in=True)
    procedure.send_back(correction(), NOON)
    procedure.submit(uuid4(), NOON, freshly_logged_in=True)
    procedure.close(approval(submission=2), NOON)
    shown = present.whole(procedure, NOON)
    assert [move.status_label for move in shown.history] == labels
    assert shown.status_label == labels[-1]
    assert [(asked.submission, asked.reason) for asked in shown.corrections] == [(1, "Der Kontonachweis fehlt.")]
    assert present.whole(procedure, NOON, Locale.ENGLISH).status_label == "Closed"


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("refusal", Refusal.__subclasses__())
def test_every_refusal_is_a_problem_with_a_sentence_in_the_persons_language(refusal, locale):
    findings = draft(answers={}).findings(NOON) if refusal is AnswersToCorrect else ()
    problem = problem_of(refusal(locale, findings))
    assert problem.status in (403, 409, 413, 415, 422)
    assert problem.detail.endswith(".")
    assert "%(" not in problem.detail
    assert (problem.detail == LANGUAGES[Locale.ENGLISH].say(copy.copy(refusal.says))) == (locale is Locale.ENGLISH)
    assert [error["field"] for error in problem.extensions.get("errors", [])] == [finding.field for finding in findings]
    assert str(refusal(locale, findings)) == ""
