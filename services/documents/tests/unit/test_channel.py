from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from espace_contracts.vocabulary import Channel, Locale
from espace_documents.domain.channel import ChannelRule, channel_for, decide
from espace_documents.domain.preference import Preference

from .conftest import NOON, a_recipient


def preference(*choices: bool) -> Preference:
    chosen = Preference(id=a_recipient().id)
    for active in choices:
        chosen.switch(active=active, at=NOON, locale=Locale.FRENCH)
    return chosen


@pytest.mark.parametrize(
    ("deceased", "without_login", "choices", "rule", "channel"),
    [
        (False, False, [], ChannelRule.EDELIVERY_OFF, Channel.POST),
        (False, False, [True], ChannelRule.EDELIVERY_ON, Channel.EDELIVERY),
        (False, False, [True, False], ChannelRule.EDELIVERY_OFF, Channel.POST),
        (False, False, [True, False, True], ChannelRule.EDELIVERY_ON, Channel.EDELIVERY),
        (False, True, [], ChannelRule.STARTED_WITHOUT_LOGIN, Channel.POST),
        (False, True, [True], ChannelRule.STARTED_WITHOUT_LOGIN, Channel.POST),
        (False, True, [True, False], ChannelRule.STARTED_WITHOUT_LOGIN, Channel.POST),
        (True, False, [], ChannelRule.RECIPIENT_DECEASED, Channel.POST),
        (True, False, [True], ChannelRule.RECIPIENT_DECEASED, Channel.POST),
        (True, False, [True, False], ChannelRule.RECIPIENT_DECEASED, Channel.POST),
        (True, True, [True], ChannelRule.RECIPIENT_DECEASED, Channel.POST),
    ],
)
def test_post_is_the_default_and_edelivery_an_act_of_a_living_person_who_logged_in(deceased, without_login, choices, rule, channel):
    assert channel_for(a_recipient(deceased=deceased), preference(*choices), without_login=without_login) is rule
    assert rule.channel is channel


def test_a_decision_says_what_it_was_made_upon():
    decision = decide(a_recipient(revision=7), preference(True, False, True), NOON, without_login=False)
    assert (decision.rule, decision.at, decision.recipient_revision, decision.preference_revision) == (ChannelRule.EDELIVERY_ON, NOON, 7, 3)


def test_each_rule_has_a_reason_and_is_stored_by_its_code():
    rules = TypeAdapter(ChannelRule)
    assert {rule.value: rule.channel for rule in ChannelRule} == {
        "recipient_deceased": Channel.POST,
        "started_without_login": Channel.POST,
        "edelivery_off": Channel.POST,
        "edelivery_on": Channel.EDELIVERY,
    }
    assert all(rule.reason for rule in ChannelRule)
    assert all(rules.validate_python(rule.value) is rule for rule in ChannelRule)
