from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from espace_contracts.vocabulary import Channel, DocumentType, Locale
from espace_documents.domain.channel import ChannelRule, Circumstances, channel_for, decide
from espace_documents.domain.contact import UNKNOWN, Contact
from espace_documents.domain.preference import Preference
from espace_documents.domain.wording import REASONS

from .conftest import NOON, a_recipient

REACHABLE = UNKNOWN.confirm(1, NOON)
BOUNCED = REACHABLE.bounce(1, NOON)
CERTIFICATE, RECEIPT = DocumentType.COINSURANCE_CERTIFICATE, DocumentType.SUBMISSION_RECEIPT


def a_case(
    *choices: bool, contact: Contact = UNKNOWN, kind: DocumentType = CERTIFICATE, deceased: bool = False, **so: bool
) -> Circumstances:
    recipient = a_recipient(deceased=deceased, revision=7)
    preference = Preference(id=recipient.id, contact=contact)
    for active in choices:
        preference.switch(active=active, at=NOON, locale=Locale.FRENCH)
    return Circumstances(document_type=kind, recipient=recipient, preference=preference, **so)


def test_recipient_deceased_whatever_was_chosen_it_goes_by_post():
    for kind in (CERTIFICATE, RECEIPT):
        for so in ({}, {"without_login": True}, {"unread": True}):
            assert channel_for(a_case(True, kind=kind, deceased=True, **so)) is ChannelRule.RECIPIENT_DECEASED
    assert ChannelRule.RECIPIENT_DECEASED.channel is Channel.POST


def test_left_unread_in_the_espace_the_next_delivery_goes_by_post_though_edelivery_is_on():
    assert channel_for(a_case(True, contact=REACHABLE, unread=True)) is ChannelRule.LEFT_UNREAD
    assert ChannelRule.LEFT_UNREAD.channel is Channel.POST


def test_started_without_login_it_goes_by_post_though_edelivery_is_on_and_though_it_is_a_receipt():
    for kind in (CERTIFICATE, RECEIPT):
        for choices in ((), (True,), (True, False)):
            assert channel_for(a_case(*choices, kind=kind, without_login=True)) is ChannelRule.STARTED_WITHOUT_LOGIN
    assert ChannelRule.STARTED_WITHOUT_LOGIN.channel is Channel.POST


def test_receipt_stays_in_the_espace_whatever_was_chosen_and_though_notices_come_back():
    for choices in ((), (True,), (True, False)):
        for contact in (UNKNOWN, REACHABLE, BOUNCED):
            assert channel_for(a_case(*choices, kind=RECEIPT, contact=contact)) is ChannelRule.RECEIPT_STAYS_IN_THE_ESPACE
    assert ChannelRule.RECEIPT_STAYS_IN_THE_ESPACE.channel is Channel.EDELIVERY


def test_notice_address_bounced_the_next_documents_go_by_post_until_a_later_address_is_confirmed():
    assert channel_for(a_case(True, contact=BOUNCED)) is ChannelRule.NOTICE_ADDRESS_BOUNCED
    assert channel_for(a_case(True, contact=BOUNCED.confirm(2, NOON))) is ChannelRule.EDELIVERY_ON
    assert ChannelRule.NOTICE_ADDRESS_BOUNCED.channel is Channel.POST


def test_edelivery_off_is_the_default_and_what_was_switched_off_last():
    for contact in (UNKNOWN, REACHABLE, BOUNCED):
        assert channel_for(a_case(contact=contact)) is ChannelRule.EDELIVERY_OFF
        assert channel_for(a_case(True, False, contact=contact)) is ChannelRule.EDELIVERY_OFF
    assert ChannelRule.EDELIVERY_OFF.channel is Channel.POST


def test_edelivery_on_is_an_act_of_the_person_that_needs_no_address_for_notices():
    for contact in (UNKNOWN, REACHABLE):
        assert channel_for(a_case(True, contact=contact)) is ChannelRule.EDELIVERY_ON
        assert channel_for(a_case(True, False, True, contact=contact)) is ChannelRule.EDELIVERY_ON
    assert ChannelRule.EDELIVERY_ON.channel is Channel.EDELIVERY


@given(
    deceased=st.booleans(),
    unread=st.booleans(),
    without_login=st.booleans(),
    kind=st.sampled_from(DocumentType),
    choices=st.lists(st.booleans(), max_size=4),
    contact=st.sampled_from([UNKNOWN, REACHABLE, BOUNCED, UNKNOWN.bounce(1, NOON)]),
)
def test_exactly_one_rule_applies_to_each_document(deceased, unread, without_login, kind, choices, contact):
    case = a_case(*choices, contact=contact, kind=kind, deceased=deceased, unread=unread, without_login=without_login)
    at_choice = not (deceased or unread or without_login or kind is RECEIPT)
    on, bounced = case.preference.active, contact.bounced >= 1
    said = {
        ChannelRule.RECIPIENT_DECEASED: deceased,
        ChannelRule.LEFT_UNREAD: unread and not deceased,
        ChannelRule.STARTED_WITHOUT_LOGIN: without_login and not (unread or deceased),
        ChannelRule.RECEIPT_STAYS_IN_THE_ESPACE: kind is RECEIPT and not (without_login or unread or deceased),
        ChannelRule.EDELIVERY_OFF: at_choice and not on,
        ChannelRule.NOTICE_ADDRESS_BOUNCED: at_choice and on and bounced,
        ChannelRule.EDELIVERY_ON: at_choice and on and not bounced,
    }
    assert said.keys() == set(ChannelRule)
    assert [rule for rule, applies in said.items() if applies] == [channel_for(case)]


def test_a_decision_says_what_it_was_made_upon():
    case = a_case(True, False, True, contact=BOUNCED.confirm(4, NOON))
    decision = decide(replace(case, recipient=replace(case.recipient, address_revision=5)), NOON)
    assert (decision.rule, decision.at) == (ChannelRule.EDELIVERY_ON, NOON)
    assert (decision.recipient_revision, decision.address_revision, decision.preference_revision) == (7, 5, 3)
    assert (decision.contact_confirmed, decision.contact_bounced) == (4, 1)


def test_each_rule_has_a_reason_in_every_language_and_is_stored_by_its_code():
    rules = TypeAdapter(ChannelRule)
    assert {rule.value: rule.channel for rule in ChannelRule} == {
        "recipient_deceased": Channel.POST,
        "left_unread": Channel.POST,
        "started_without_login": Channel.POST,
        "receipt_stays_in_the_espace": Channel.EDELIVERY,
        "edelivery_off": Channel.POST,
        "notice_address_bounced": Channel.POST,
        "edelivery_on": Channel.EDELIVERY,
    }
    assert all(rule.reason and REASONS[rule].keys() == set(Locale) for rule in ChannelRule)
    assert all(rules.validate_python(rule.value) is rule for rule in ChannelRule)


told = st.lists(st.tuples(st.sampled_from(["confirm", "bounce"]), st.integers(1, 4), st.integers(0, 9)), max_size=8)


@given(told, st.randoms())
def test_what_is_told_of_a_contact_leads_to_the_same_in_any_order_and_however_often(events, random):
    confirmed = {number: NOON + timedelta(days=number) for number in range(5)}

    def after(heard):
        contact = UNKNOWN
        for what, revision, hour in heard:
            at = confirmed[revision] if what == "confirm" else NOON + timedelta(days=7, hours=hour)
            contact = getattr(contact, what)(revision, at)
        return contact

    again = [*events, *events]
    random.shuffle(again)
    assert after(again) == after(events)


@pytest.mark.parametrize(
    ("contact", "state", "since"),
    [(UNKNOWN, "no_address", None), (REACHABLE, "reachable", NOON), (BOUNCED, "bounced", NOON)],
)
def test_whether_notices_reach_the_person_is_known_with_its_beginning(contact, state, since):
    assert (contact.notices, contact.since) == (state, since)
