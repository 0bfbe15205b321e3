"""What a procedure is made of. A new procedure is a new folder of the catalogue that declares one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from espace_contracts.contents import ClosingLetter, DocumentContent
from espace_contracts.vocabulary import Outcome, ProcedureKind
from espace_kernel.outcomes import NeverWorks
from espace_procedures.domain.answers import Answers, Finding, Question
from espace_procedures.domain.attachments import Attachment, AttachmentRole
from espace_procedures.domain.decision import Decision
from espace_procedures.domain.sentences import Sentence, _

_TYPED_LIMIT = 200
"""Characters above which an answer is not even kept in a draft."""


@dataclass(frozen=True, slots=True)
class OnFile:
    """What the fund's file says of a person, as far as procedures are filled in from it. None: not known."""

    name: str | None = None
    iban_masked: str | None = None


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a draft begins with: `answers` that the person may change, and what is `on_file` now, by the question it stands beside."""

    answers: Answers = field(default_factory=dict)
    on_file: Mapping[str, str] = field(default_factory=dict)


def _nothing_known(_known: OnFile) -> Prefill:
    return Prefill()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A procedure of the catalogue.

    `rules` looks at the answers that are right by themselves, on the day given, for what is wrong between them.
    `leads_to` makes of a procedure's reference and an approval what the person will receive; a refusal leads to a letter always.
    """

    kind: ProcedureKind
    code: str
    """Three letters that begin the reference of each such procedure."""
    title: Sentence
    about: Sentence
    questions: tuple[Question, ...]
    rules: Callable[[Answers, date], Iterable[Finding]]
    leads_to: Callable[[str, Mapping[str, object]], tuple[DocumentContent, ...]]
    attachments: tuple[AttachmentRole, ...] = ()
    prefill: Callable[[OnFile], Prefill] = _nothing_known
    wants_fresh_login: bool = False

    def read(self, typed: Mapping[str, object]) -> tuple[dict[str, str], tuple[Finding, ...]]:
        """The answers in the form they are kept in, and what cannot be kept at all. An empty answer is no answer."""
        answers: dict[str, str] = {}
        findings: list[Finding] = []
        questions = {question.name: question for question in self.questions}
        for name, value in typed.items():
            question = questions.get(name)
            if question is None:
                findings.append(Finding(name, _("This procedure has no such question. Take this answer out.")))
            elif value is not None and not isinstance(value, str):
                findings.append(Finding(name, _("An answer is a text. Put it between quotation marks.")))
            elif value is not None and len(value) > _TYPED_LIMIT:
                findings.append(Finding(name, question.too_long(value)))
            elif value is not None and (tidy := question.type.tidy(value)):
                answers[name] = tidy
        return answers, tuple(findings)

    def findings(self, answers: Answers, today: date) -> tuple[Finding, ...]:
        """All that is wrong or odd in the answers, in the order of the questions."""
        errors = {
            question.name: error
            for question in self.questions
            if question.name in answers and (error := question.error_in(answers[question.name]))
        }
        sound = {name: answer for name, answer in answers.items() if name not in errors}
        missing = {
            question.name: _("“%(question)s” is missing. Fill it in, then forward the procedure.", question=question.label)
            for question in self.questions
            if question.name not in answers and question.required.holds(sound)
        }
        found = [*(Finding(name, error) for name, error in (errors | missing).items()), *self.rules(sound, today)]
        order = [question.name for question in self.questions]
        return tuple(sorted(found, key=lambda finding: order.index(finding.field)))

    def missing_attachments(self, attached: Iterable[Attachment]) -> tuple[AttachmentRole, ...]:
        """The expected files that are not attached yet."""
        present = {attachment.role for attachment in attached}
        return tuple(role for role in self.attachments if role.expected and role.name not in present)

    def documents(self, reference: str, decision: Decision) -> tuple[DocumentContent, ...]:
        """What the decision leads to. Raises NeverWorks when it says too little for a document."""
        if decision.outcome is Outcome.REFUSED:
            return (self._closing_letter(reference, decision),)
        if decision.granted is None or decision.granted.get("kind") != self.kind:
            raise NeverWorks(
                "The decision approves, and does not say what is granted for this kind of procedure. Have the fund send it whole."
            )
        try:
            return self.leads_to(reference, decision.granted)
        except ValidationError as error:
            fields = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors(include_input=False)}))
            raise NeverWorks(
                f"What the decision grants does not fit its document ({fields}). Have the fund correct these fields."
            ) from None

    def _closing_letter(self, reference: str, decision: Decision) -> ClosingLetter:
        if not decision.reason:
            raise NeverWorks("The decision refuses without a reason. Have the fund say why: the person has a right to read it.")
        return ClosingLetter(
            procedure_reference=reference, procedure_kind=self.kind, decided_on=decision.decided_on, reason=decision.reason
        )
