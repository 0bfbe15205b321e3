"""The procedures that are declared, the languages they are in, and the documents they lead to."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from babel.messages.extract import extract
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.contents import (
    BankAccountChange,
    ClosingLetter,
    CoinsuranceCertificate,
    EhicReplacementCertificate,
    EntitlementCertificate,
)
from espace_contracts.vocabulary import AppointmentMode, Locale, ProcedureKind, StayCountry
from espace_kernel.outcomes import NeverWorks
from espace_procedures.api import present
from espace_procedures.domain.bank_account import masked
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.language import LANGUAGES, Language, catalogues_of, messages_in
from espace_procedures.domain.reference import ids_with, reference_of
from espace_procedures.domain.sentences import Country, Sentence

from .conftest import (
    BANK,
    COINSURANCE,
    EHIC,
    ENTITLEMENT,
    GRANTED_ACCOUNT,
    GRANTED_CERTIFICATE,
    GRANTED_COINSURANCE,
    GRANTED_ENTITLEMENT,
    approval,
    refusal,
)

PACKAGE = Path(str(files("espace_procedures")))
REFERENCE = "BDC-7K3F-9Q2M"


def messages_of(*modules: Path) -> set[str]:
    """What gettext's tools find in these modules."""
    found: set[str] = set()
    for module in modules:
        with module.open("rb") as source:
            found.update(str(message) for _, message, _, _ in extract("python", source, keywords={"_": None}))
    return found


def written_beside(catalogue: Path) -> set[str]:
    """The messages that a catalogue has to translate: those of its procedure's folder, or all others for the general one."""
    folders = [PACKAGE / "domain" / "catalogue" / kind for kind in ProcedureKind]
    if catalogue.parent in folders:
        return messages_of(*catalogue.parent.rglob("*.py"))
    return messages_of(*(module for module in PACKAGE.rglob("*.py") if module.parent not in folders))


CATALOGUES = [
    pytest.param(locale, Path(str(path)), id=f"{Path(str(path)).parent.name}-{locale}")
    for locale in Locale
    if locale is not Locale.ENGLISH
    for path in catalogues_of(locale)
]


@pytest.mark.parametrize(("locale", "path"), CATALOGUES)
def test_every_sentence_is_translated_and_no_translation_is_left_over(locale, path):
    assert set(messages_in(path, locale)) == written_beside(path)


@pytest.mark.parametrize(("locale", "path"), CATALOGUES)
def test_a_translation_says_the_same_values(locale, path):
    for english, own in messages_in(path, locale).items():
        assert sorted(re.findall(r"%\(\w+\)s", own)) == sorted(re.findall(r"%\(\w+\)s", english))


def test_a_sentence_nobody_translated_is_said_in_english():
    language = Language(Locale.FRENCH, {})
    assert language.say(Sentence("From %(country)s.", {"country": Country("LU")})) == "From Luxembourg."
    assert language.country("QQ") == "QQ"


@pytest.mark.parametrize("locale", Locale)
def test_the_catalogue_offers_every_procedure_in_every_language(locale):
    shown = present.catalogue(locale)
    assert [entry.kind for entry in shown.procedures] == list(ProcedureKind)
    bank, coinsurance, ehic, entitlement, appointment = shown.procedures
    assert [(question.name, question.required, bool(question.required_when)) for question in bank.questions] == [
        ("iban", True, False),
        ("holder", True, False),
        ("bic", False, True),
    ]
    assert [(role.role, role.expected, role.compulsory) for role in bank.attachments] == [("bank_statement", True, False)]
    assert (ehic.attachments, ehic.max_attachments, ehic.wants_fresh_login) == ([], 0, False)
    persons, destination = ehic.questions[:2]
    labels = [choice.label for choice in destination.choices]
    assert LANGUAGES[locale].country("IT") in labels
    assert LANGUAGES[locale].country("LU") not in labels
    assert persons.choices == coinsurance.questions[0].choices == []
    assert [choice.value for choice in entitlement.questions[0].choices] == list(StayCountry)
    [proof], [identity] = entitlement.attachments, appointment.attachments
    assert [(role.expected, bool(role.expected_when), role.compulsory) for role in (proof, identity)] == [(False, True, True)] * 2


@pytest.mark.parametrize(
    ("locale", "subject", "mode", "stay"),
    [
        ("fr", "Remboursement", "Par appel vidéo", "Bosnie-Herzégovine"),
        ("de", "Erstattung", "Per Videogespräch", "Bosnien und Herzegowina"),
        ("en", "Reimbursement", "By video call", "Bosnia & Herzegovina"),
        ("lb", "Remboursement", "Per Videouruff", "Bosnien an Herzegowina"),
    ],
)
def test_what_can_be_chosen_is_named_in_each_language(locale, subject, mode, stay):
    entries = {entry.kind: entry for entry in present.catalogue(Locale(locale)).procedures}
    questions = {question.name: question for entry in entries.values() for question in entry.questions}

    def label(question: str, value: str) -> str:
        return next(choice.label for choice in questions[question].choices if choice.value == value)

    assert label("subject", "reimbursement") == subject
    assert label("mode", AppointmentMode.VIDEO) == mode
    assert label("country", StayCountry.BOSNIA_AND_HERZEGOVINA) == stay
    assert label("agency", "esch_sur_alzette") == "Esch-sur-Alzette"


def test_the_codes_that_begin_references_tell_the_kinds_apart():
    codes = [definition.code for definition in CATALOGUE.values()]
    assert len(set(codes)) == len(codes)


@given(st.uuids())
def test_a_reference_has_no_character_that_is_taken_for_another(procedure_id):
    assert re.fullmatch(r"BDC-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", reference_of("BDC", procedure_id))


@given(st.uuids(), st.integers(0, 2**88 - 1))
def test_a_reference_leads_back_to_every_id_that_has_it_and_to_no_other(procedure_id, rest):
    reference = reference_of("BDC", procedure_id)
    first, last = ids_with(reference)
    assert first <= UUID(int=procedure_id.int >> 88 << 88 | rest) <= last
    assert {reference_of("BDC", end) for end in (first, last)} == {reference}
    outside = [UUID(int=number) for number in (first.int - 1, last.int + 1) if 0 <= number < 2**128]
    assert reference not in {reference_of("BDC", other) for other in outside}


def test_a_reference_stays_the_same_and_differs_from_others():
    one = UUID("69168fc1-fff7-413d-96fc-df860b1ab892")
    assert reference_of("BDC", one) == reference_of("BDC", one)
    assert len({reference_of("BDC", uuid4()) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("LU280019400644750000", "LU28 **** **** **** 0000"),
        ("LU12 0010 0012 3456 7891", "LU12 **** **** **** 7891"),
        ("DE89370400440532013000", "DE89 **** **** **** **30 00"),
        ("LU2812345678", "LU28 **** 5678"),
        ("LU281234567", "**** **** ***"),
        ("", ""),
    ],
)
def test_of_an_account_number_only_both_ends_are_shown(number, shown):
    assert masked(number) == shown


def test_a_granted_change_of_bank_details_is_confirmed_with_masked_numbers():
    [confirmation] = CATALOGUE[BANK].documents(REFERENCE, approval())
    assert isinstance(confirmation, BankAccountChange)
    assert confirmation.procedure_reference == REFERENCE
    assert (confirmation.old_iban_masked, confirmation.new_iban_masked) == ("LU12 **** **** **** 7891", "LU28 **** **** **** 0000")
    assert "0019400644750" not in confirmation.model_dump_json()


def test_a_first_account_is_confirmed_without_an_old_one():
    [confirmation] = CATALOGUE[BANK].documents(REFERENCE, approval(1, GRANTED_ACCOUNT | {"replaced_iban": None}))
    assert isinstance(confirmation, BankAccountChange)
    assert confirmation.old_iban_masked is None


def test_a_granted_certificate_is_issued_as_the_fund_stated_it():
    [certificate] = CATALOGUE[EHIC].documents("ERC-7K3F-9Q2M", approval(1, GRANTED_CERTIFICATE))
    assert isinstance(certificate, EhicReplacementCertificate)
    assert certificate.model_dump(exclude={"type", "procedure_reference"}) == {
        name: value for name, value in GRANTED_CERTIFICATE.items() if name != "kind"
    }


def test_each_person_receives_a_certificate_of_their_own():
    for_her = GRANTED_CERTIFICATE | {"holder_given_names": "Mia", "matricule": "2015061004565"}
    certificates = CATALOGUE[EHIC].documents("ERC-7K3F-9Q2M", approval(1, GRANTED_CERTIFICATE, for_her))
    assert [certificate.matricule for certificate in certificates] == ["2003042581939", "2015061004565"]


@pytest.mark.parametrize(
    ("kind", "granted", "document"),
    [(COINSURANCE, GRANTED_COINSURANCE, CoinsuranceCertificate), (ENTITLEMENT, GRANTED_ENTITLEMENT, EntitlementCertificate)],
)
def test_a_certificate_of_several_persons_is_one_document(kind, granted, document):
    [certificate] = CATALOGUE[kind].documents(REFERENCE, approval(1, granted))
    assert isinstance(certificate, document)
    stated = certificate.model_dump(exclude={"type", "procedure_reference"})
    assert stated == {name: value for name, value in granted.items() if name != "kind"}


@pytest.mark.parametrize("kind", ProcedureKind)
def test_a_refusal_leads_to_a_letter_with_the_funds_reason(kind):
    [letter] = CATALOGUE[kind].documents(REFERENCE, refusal())
    assert isinstance(letter, ClosingLetter)
    assert (letter.procedure_kind, letter.reason) == (kind, "Das Konto gehört nicht Ihnen.")


@pytest.mark.parametrize(
    ("decision", "part"),
    [
        (refusal(reason=None), "without a reason"),
        (replace(approval(), granted=()), "does not say what is granted"),
        (approval(1, GRANTED_CERTIFICATE, GRANTED_ACCOUNT), "does not say what is granted"),
        (approval(1, {}), "does not say what is granted"),
        (approval(1, GRANTED_ACCOUNT), "does not say what is granted"),
        (approval(1, GRANTED_CERTIFICATE | {"card_number": "80", "matricule": "?"}), "(card_number, matricule)"),
    ],
)
def test_a_decision_that_says_too_little_is_never_worked_off(decision, part):
    with pytest.raises(NeverWorks) as wrong:
        CATALOGUE[EHIC].documents(REFERENCE, decision)
    assert part in str(wrong.value)
