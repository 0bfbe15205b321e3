"""Change of bank details. Not processed without a bank identity statement, which the fund asks for when it is missing."""

from __future__ import annotations

from collections.abc import Iterator

from espace_contracts.contents import BankAccountChange
from espace_contracts.vocabulary import ProcedureKind
from espace_procedures.domain.answers import ALWAYS, Answers, AnswerType, AttachmentRole, Condition, Finding, Question
from espace_procedures.domain.bank_account import iban_warning, masked, pays_by_iban_alone
from espace_procedures.domain.decision import Granted
from espace_procedures.domain.definition import Definition, Prefill
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.sentences import _


def _outside_sepa(answers: Answers, _situation: Situation) -> bool:
    return "iban" in answers and not pays_by_iban_alone(answers["iban"])


def _rules(answers: Answers, _situation: Situation) -> Iterator[Finding]:
    if "iban" in answers and (warning := iban_warning(answers["iban"])):
        yield Finding("iban", warning, blocks=False)


def _prefill(situation: Situation) -> Prefill:
    person, iban_masked = situation.on_file.person, situation.on_file.iban_masked
    return Prefill(answers={"holder": person.name} if person else {}, on_file={"iban": iban_masked} if iban_masked else {})


def _leads_to(reference: str, granted: Granted) -> tuple[BankAccountChange]:
    """Only masked account numbers leave the procedure."""
    replaced = granted["replaced_iban"]
    confirmation = BankAccountChange.model_validate(
        {
            "procedure_reference": reference,
            "old_iban_masked": masked(str(replaced)) if replaced else None,
            "new_iban_masked": masked(str(granted["iban"])),
            "holder": granted["holder"],
            "bic": granted["bic"],
            "effective_on": granted["effective_on"],
        }
    )
    return (confirmation,)


DEFINITION = Definition(
    kind=ProcedureKind.BANK_DETAILS_CHANGE,
    code="BDC",
    title=_("Change my bank details"),
    about=_("Tell the CNS the account your reimbursements are paid to."),
    wants_fresh_login=True,
    questions=(
        Question(
            name="iban",
            type=AnswerType.IBAN,
            label=_("IBAN of the new account"),
            hint=_("As your bank statement shows it; one from Luxembourg begins with LU and has 20 characters."),
            required=ALWAYS,
        ),
        Question(
            name="holder",
            type=AnswerType.TEXT,
            label=_("Account holder"),
            hint=_("First name and family name, as your bank knows them."),
            required=ALWAYS,
        ),
        Question(
            name="bic",
            type=AnswerType.BIC,
            label=_("BIC of the bank"),
            hint=_("8 or 11 characters; your bank statement shows it beside the IBAN."),
            required=Condition(_outside_sepa, _("Needed for an account outside the SEPA area.")),
        ),
    ),
    attachments=(
        AttachmentRole(
            name="bank_statement",
            label=_("Bank identity statement (RIB)"),
            hint=_("A document of your bank that shows the IBAN and the account holder. The CNS does not process the change without it."),
        ),
    ),
    rules=_rules,
    prefill=_prefill,
    leads_to=_leads_to,
)
