from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import Locale
from espace_procedures.api import present
from espace_procedures.api.refusals import problem_of
from espace_procedures.app.view_procedure import View
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.conversation import Conversation, Message
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.on_file import OnFile
from espace_procedures.domain.refusals import AnswersToCorrect, Refusal, ResidentsOnly
from espace_procedures.domain.status import Actor

from .conftest import BANK, CHILD, COINSURANCE, EHIC, NOON, SELF, SPOUSE, approval, correction, draft, situation, submit, view


def test_a_draft_shows_what_to_mend_and_what_is_missing():
    shown = present.whole(view(draft(answers={"iban": "BE41539007547035"})))
    assert [finding.field for finding in shown.errors] == ["holder"]
    assert [finding.field for finding in shown.warnings] == ["iban"]
    assert [role.role for role in shown.missing_attachments] == ["bank_statement"]
    assert shown.actions == ["save_answers", "attach", "submit", "delete"]
    assert shown.reference.startswith("BDC-")


def test_what_is_with_the_fund_shows_nothing_to_do():
    procedure = draft()
    procedure.attach(Attachment(uuid4(), "bank_statement", uuid4(), "0" * 64, 7, "image/png"), NOON)
    submit(procedure)
    procedure.answers = {}
    shown = present.whole(view(procedure))
    assert (shown.errors, shown.missing_attachments, shown.actions, shown.submissions) == ([], [], ["withdraw", "write"], 1)
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
    submit(procedure)
    procedure.send_back(correction(), NOON)
    submit(procedure)
    procedure.close(approval(submission=2), NOON)
    shown = present.whole(view(procedure))
    assert [move.status_label for move in shown.history] == labels
    assert shown.status_label == labels[-1]
    assert [(asked.submission, asked.reason) for asked in shown.corrections] == [(1, "Der Kontonachweis fehlt.")]
    assert present.whole(view(procedure), Locale.ENGLISH).status_label == "Closed"


def test_the_persons_to_choose_from_are_those_of_the_persons_own_file():
    [persons, *_others] = present.whole(view(draft(EHIC, Locale.GERMAN))).questions
    assert [(choice.value, choice.label) for choice in persons.choices] == [
        (str(SELF), "Sophie Hoffmann (Sie selbst)"),
        (str(SPOUSE), "Luc Schmit"),
        (str(CHILD), "Mia Hoffmann"),
    ]


def test_somebody_not_heard_of_yet_can_choose_themselves():
    unknown = View(procedure := draft(EHIC, Locale.FRENCH), procedure.situation(OnFile(), NOON), 0)
    [persons, *_others] = present.whole(unknown).questions
    assert [choice.label for choice in persons.choices] == ["Vous-même"]


def test_a_draft_shows_the_day_it_expires_and_nothing_else_does():
    procedure = draft()
    assert present.summary(procedure, 2).expires_on == date(2026, 4, 1)
    assert present.summary(procedure, 2).unread_messages == 2
    submit(procedure)
    assert present.summary(procedure, 0).expires_on is None


def test_what_was_withdrawn_is_shown_as_withdrawn():
    procedure = draft()
    submit(procedure)
    procedure.withdraw(uuid4(), NOON)
    shown = present.whole(view(procedure))
    assert (shown.status, shown.outcome, shown.actions) == ("closed", "withdrawn", [])
    assert (shown.history[-1].actor, shown.history[-1].reason) == ("person", None)


def test_messages_say_who_wrote_and_which_wait():
    procedure = draft()
    submit(procedure)
    conversation = Conversation(id=procedure.id, insured=SELF)
    conversation.write(procedure.about, Message(id=uuid4(), author=Actor.PERSON, text="Wann?", at=NOON))
    conversation.receive(procedure.about, uuid4(), "Bald.", NOON)
    shown = present.messages(conversation)
    assert [(message.author, message.text, message.unread) for message in shown.messages] == [
        ("person", "Wann?", False),
        ("fund", "Bald.", True),
    ]
    assert shown.unread == 1


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("refusal", [kind for kind in Refusal.__subclasses__() if not kind.__subclasses__()])
def test_every_refusal_is_a_problem_with_a_sentence_in_the_persons_language(refusal, locale):
    findings = draft(answers={}).findings(situation()) if refusal is AnswersToCorrect else ()
    made = ResidentsOnly(locale, CATALOGUE[COINSURANCE].residents_only) if refusal is ResidentsOnly else refusal(locale, findings)
    problem = problem_of(made)
    assert problem.status in (403, 409, 413, 415, 422, 503)
    assert problem.detail.endswith(".")
    assert "%(" not in problem.detail
    assert (problem.detail == LANGUAGES[Locale.ENGLISH].say(made.says)) == (locale is Locale.ENGLISH)
    assert [error["field"] for error in problem.extensions.get("errors", [])] == [finding.field for finding in findings]
    assert str(made) == ""
