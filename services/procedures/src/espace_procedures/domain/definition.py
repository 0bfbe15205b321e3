"""What a procedure is made of. A new procedure is a new folder of the catalogue that declares one of these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from espace_contracts.contents import ClosingLetter, DocumentContent
from espace_contracts.vocabulary import Outcome, ProcedureKind
from espace_kernel.outcomes import NeverWorks
from espace_procedures.domain.answers import Answers, AttachmentRole, Finding, Question
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.decision import Decision, Granted
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.sentences import Sentence, _

_TYPED_LIMIT = 200
"""Characters above which an answer is not even kept in a draft, unless its question takes more."""
_HALF_A_CHARACTER = re.compile(r"[\uD800-\uDFFF]")
"""A surrogate, which JSON can write and no text can hold."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a draft begins with: `answers` that the person may change, and what is `on_file` now, by the question it stands beside."""

    answers: Answers = field(default_factory=dict)
    on_file: Mapping[str, str] = field(default_factory=dict)


def _nothing(_situation: Situation) -> Prefill:
    return Prefill()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A procedure of the catalogue.

    `rules` looks at the answers that are right by themselves, in their situation, for what is wrong between them.
    `leads_to` makes of a procedure's reference and what was granted the documents that the person will receive; a refusal leads to a
    letter always. `residents_only` tells whoever lives abroad why this is not for them and where to go; None: it is for everybody.
    """

    kind: ProcedureKind
    code: str
    """Three letters that begin the reference of each such procedure."""
    title: Sentence
    about: Sentence
    questions: tuple[Question, ...]
    rules: Callable[[Answers, Situation], Iterable[Finding]]
    leads_to: Callable[[str, Granted], tuple[DocumentContent, ...]]
    attachments: tuple[AttachmentRole, ...] = ()
    prefill: Callable[[Situation], Prefill] = _nothing
    wants_fresh_login: bool = False
    residents_only: Sentence | None = None

    def turns_away(self, situation: Situation) -> Sentence | None:
        """Why this procedure is not for this person; None when it is. A residence that is not known turns nobody away."""
        person = situation.on_file.person
        return self.residents_only if person is not None and person.residence not in ("LU", None) else None

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
            elif value is not None and _HALF_A_CHARACTER.search(value):
                findings.append(Finding(name, _("A character of this answer came as a half. Type it again.")))
            elif value is not None and len(value) > max(_TYPED_LIMIT, question.limit):
                findings.append(Finding(name, question.too_long(value)))
            elif value is not None and (tidy := question.type.tidy(value)):
                answers[name] = tidy
        return answers, tuple(findings)

    def findings(self, answers: Answers, attached: Iterable[Attachment], situation: Situation) -> tuple[Finding, ...]:
        """All that is wrong or odd in the answers, in the order of the questions; then the compulsory files that are missing."""
        errors = {
            question.name: error
            for question in self.questions
            if question.name in answers and (error := question.error_in(answers[question.name], situation))
        }
        sound = {name: answer for name, answer in answers.items() if name not in errors}
        missing = {
            question.name: _("“%(question)s” is missing. Fill it in, then forward the procedure.", question=question.label)
            for question in self.questions
            if question.name not in answers and question.required.holds(sound, situation)
        }
        found = [*(Finding(name, error) for name, error in (errors | missing).items()), *self.rules(sound, situation)]
        order = [question.name for question in self.questions]
        return (*sorted(found, key=lambda finding: order.index(finding.field)), *self._missing_files(sound, attached, situation))

    def missing_attachments(self, answers: Answers, attached: Iterable[Attachment], situation: Situation) -> tuple[AttachmentRole, ...]:
        """The expected files that are not attached yet."""
        present = {attachment.role for attachment in attached}
        return tuple(role for role in self.attachments if role.name not in present and role.expected.holds(answers, situation))

    def documents(self, reference: str, decision: Decision) -> tuple[DocumentContent, ...]:
        """What the decision leads to. Raises NeverWorks when it says too little for a document."""
        if decision.outcome is Outcome.REFUSED:
            return (self._closing_letter(reference, decision),)
        if not decision.granted or any(granted.get("kind") != self.kind for granted in decision.granted):
            raise NeverWorks(
                "The decision approves, and does not say what is granted for this kind of procedure. Have the fund send it whole."
            )
        try:
            return tuple(document for granted in decision.granted for document in self.leads_to(reference, granted))
        except ValidationError as error:
            fields = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors(include_input=False)}))
            raise NeverWorks(
                f"What the decision grants does not fit its document ({fields}). Have the fund correct these fields."
            ) from None

    def _missing_files(self, answers: Answers, attached: Iterable[Attachment], situation: Situation) -> Iterator[Finding]:
        for role in self.missing_attachments(answers, attached, situation):
            if role.compulsory:
                yield Finding(role.name, _("“%(file)s” is missing. Attach it, then forward the procedure.", file=role.label))

    def _closing_letter(self, reference: str, decision: Decision) -> ClosingLetter:
        if not decision.reason:
            raise NeverWorks("The decision refuses without a reason. Have the fund say why: the person has a right to read it.")
        return ClosingLetter(
            procedure_reference=reference, procedure_kind=self.kind, decided_on=decision.decided_on, reason=decision.reason
        )
