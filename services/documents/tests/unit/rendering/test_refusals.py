from __future__ import annotations

from dataclasses import replace

import pytest

from espace_documents.rendering import Addressee, RenderingRefused
from espace_documents.rendering.contents import SHAPES

CASES = {
    "a whole account number": ("bank_account_change", {"new_iban_masked": "LU280019400644750000"}, "'new_iban_masked' must be an account"),
    "a date in another order": ("bank_account_change", {"effective_on": "01.02.2026"}, "'effective_on' must be a date"),
    "a day that no month has": ("closing_letter", {"decided_on": "2026-02-30"}, "'decided_on' must be a date"),
    "a short matricule": ("ehic_replacement_certificate", {"matricule": "198402150017"}, "'matricule' must be 13 digits"),
    "a card number with a letter": ("ehic_replacement_certificate", {"card_number": "8044200001000001234X"}, "'card_number' must be 20"),
    "a number where text belongs": ("ehic_replacement_certificate", {"holder_name": 7}, "'holder_name' must be one line"),
    "a field inside a field": ("closing_letter", {"reason": {"text": ["deep"]}}, "'reason' must be text"),
    "an empty reason": ("closing_letter", {"reason": " \n "}, "'reason' must be text"),
    "two lines where one belongs": ("bank_account_change", {"holder": "Anna\nBerta"}, "'holder' must be one line"),
    "text without end": ("closing_letter", {"reason": "word " * 5000}, "'reason' must be text of 1 to 20000"),
    "no page": ("address_sheet", {"pages": 0}, "'pages' must be a whole number"),
    "half a page": ("address_sheet", {"pages": 1.5}, "'pages' must be a whole number"),
    "true pages": ("address_sheet", {"pages": True}, "'pages' must be a whole number"),
    "a control character": ("bank_account_change", {"holder": "An\x07na"}, r"'holder' holds the character U\+0007"),
    "half a character": ("bank_account_change", {"holder": "An\ud83dna"}, r"'holder' holds the character U\+D83D"),
    "text that reads backwards": ("closing_letter", {"reason": "never \u202esyawla\u202c"}, r"'reason' holds the character U\+202E"),
    "a glyph that no packaged font has": ("bank_account_change", {"holder": "王小明"}, r"glyph for U\+738B"),
    "an emoji": ("closing_letter", {"reason": "Well done 🎉"}, r"glyph for U\+1F389"),
    "a kind of procedure without a name": ("closing_letter", {"procedure_kind": "dance"}, "failed with UndefinedError"),
    "no row": ("coinsurance_certificate", {"coinsured": []}, "'coinsured' must be 1 to 200 rows"),
    "rows without end": ("entitlement_certificate", {"persons": [{}] * 201}, "'persons' must be 1 to 200 rows"),
    "a row that is none": ("entitlement_certificate", {"persons": ["Mia"]}, "'persons' must have in row 1 the fields name, date_of_birth"),
    "a row without a field": ("entitlement_certificate", {"persons": [{"name": "Mia"}]}, "must have in row 1 the fields name, date_of"),
    "a short matricule in a row": (
        "entitlement_certificate",
        {"persons": [{"name": "Mia", "date_of_birth": "2015-06-10", "matricule": "1"}]},
        "'persons' has in row 1 a 'matricule', which must be 13 digits",
    ),
    "a relation without a name": (
        "coinsurance_certificate",
        {"coinsured": [{"name": "Mia", "matricule": "1" * 13, "relation": "cat", "since": "2015-06-10", "until": None}]},
        "failed with UndefinedError",
    ),
    "a country without a name": ("entitlement_certificate", {"country": "atlantis"}, "failed with UndefinedError"),
    "a mode without a name": ("appointment_confirmation", {"mode": "telepathy"}, "failed with UndefinedError"),
    "an instant without its offset": (
        "appointment_confirmation",
        {"starts_at": "2026-03-12T09:20:00"},
        "'starts_at' must be a date and time",
    ),
    "an instant that is none": ("appointment_not_cancelled", {"asked_at": "soon"}, "'asked_at' must be a date and time"),
    "an agency without an address": ("appointment_confirmation", {"agency_address": []}, "'agency_address' must be 1 to 5 lines"),
    "a fingerprint that is none": (
        "submission_receipt",
        {"files": [{"role": "RIB", "media_type": "application/pdf", "size": 1, "sha256": "B1" * 32}]},
        "'files' has in row 1 a 'sha256', which must be a SHA-256",
    ),
    "lines without end": ("closing_letter", {"reason": "a\n" * 200}, "'reason' must be text of 1 to 20000 characters on at most 200 lines"),
}


@pytest.mark.parametrize(("document_type", "content", "why"), CASES.values(), ids=CASES)
async def test_a_content_that_can_never_be_printed_is_refused(pool, sample, document_type, content, why):
    with pytest.raises(RenderingRefused, match=why):
        await pool.render(sample(document_type, content=content))


@pytest.mark.parametrize(("document_type", "field"), [(kind, field) for kind, shape in SHAPES.items() for field in shape])
async def test_a_missing_field_is_refused_by_its_name(pool, sample, document_type, field):
    request = sample(document_type)
    del request.content[field]
    with pytest.raises(RenderingRefused, match=f"The field '{field}' of {document_type} is missing"):
        await pool.render(request)


async def test_an_unknown_field_is_refused_by_its_name(pool, sample):
    with pytest.raises(RenderingRefused, match="closing_letter has no field 'salutation'"):
        await pool.render(sample(content={"salutation": "Dear you,"}))


async def test_an_unknown_type_is_refused(pool, sample):
    with pytest.raises(RenderingRefused, match="no document type 'love_letter'"):
        await pool.render(replace(sample(), document_type="love_letter"))


async def test_an_unknown_language_is_refused(pool, sample):
    with pytest.raises(RenderingRefused, match="no language 'nl'"):
        await pool.render(sample(locale="nl"))


ADDRESSES = {
    "no line": (Addressee("Anna Weber", (), "LU"), "'recipient.lines' must be 1 to 5 lines"),
    "six lines": (Addressee("Anna Weber", ("a", "b", "c", "d", "e", "f"), "LU"), "'recipient.lines' must be 1 to 5 lines"),
    "an empty line": (Addressee("Anna Weber", ("1, rue du Fort", " "), "LU"), "'recipient.lines' must be one line"),
    "no name": (Addressee("", ("1, rue du Fort", "L-1111 Luxembourg"), "LU"), "'recipient.name' must be one line"),
    "a country by its name": (Addressee("Anna Weber", ("1, rue du Fort",), "Luxembourg"), "'recipient.country' must be a country"),
    "a country that is none": (Addressee("Anna Weber", ("1, rue du Fort",), "ZZ"), "'recipient.country' must be a country"),
    "more than the window shows": (Addressee("W" * 100, ("W" * 100,) * 5, "FR"), "too long for the window"),
}


@pytest.mark.parametrize(("recipient", "why"), ADDRESSES.values(), ids=ADDRESSES)
async def test_an_address_that_no_envelope_shows_is_refused(pool, sample, recipient, why):
    with pytest.raises(RenderingRefused, match=why):
        await pool.render(sample(recipient=recipient))


async def test_long_lines_of_an_address_are_set_smaller_instead(pool, sample, pages):
    street = "Wohnpark an der Europäischen Freundschaftsbrücke, Hinterhaus"
    recipient = Addressee("Maximiliane-Charlotte von Hohenstein-Wolkenburg", (street, "Aufgang 3, Wohnung 12", "66706 Perl"), "DE")
    (page,) = pages(await pool.render(sample("address_sheet", recipient=recipient)))
    assert "Freundschaftsbrücke" in page


async def test_a_refusal_never_repeats_what_was_written(pool, sample):
    with pytest.raises(RenderingRefused) as refused:
        await pool.render(sample("bank_account_change", content={"holder": "Secret\x00Name", "new_iban_masked": "LU280019400644750000"}))
    assert "Secret" not in str(refused.value)
    assert "0644" not in str(refused.value)
