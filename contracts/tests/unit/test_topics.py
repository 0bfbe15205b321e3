"""The registry of topics: names, owners and what the broker must have."""

from __future__ import annotations

import re

import pytest

from espace_contracts.event import Event
from espace_contracts.events import published_events
from espace_contracts.topics import all_topics, consumer_groups, dead_letters_of, replays_of, topics_of_group, topics_on_the_broker


def test_every_topic_is_named_by_its_system_what_it_is_about_and_its_version() -> None:
    for topic in all_topics():
        assert re.fullmatch(r"(cns|espace)\.[a-z]+\.v[1-9]\d*", topic.name)
        assert topic.name.startswith("cns.") == (topic.owner == "cns-core")


def test_a_source_says_which_part_speaks() -> None:
    assert {topic.owner: topic.source for topic in all_topics()} == {
        "cns-core": "/cns/core",
        "identity": "/espace/identity",
        "procedures": "/espace/procedures",
        "documents": "/espace/documents",
        "notifications": "/espace/notifications",
    }


def test_every_event_belongs_to_a_declared_topic_and_every_topic_carries_an_event() -> None:
    assert {contract.topic for contract in published_events().values()} == set(all_topics())


def test_an_event_names_its_system_and_its_version_in_its_type() -> None:
    for name, contract in published_events().items():
        system = "espace" if contract.topic.owner != "cns-core" else contract.topic.name.split(".")[1]
        assert re.fullmatch(rf"lu\.cns\.{system}\.[a-z_.]+\.v[1-9]\d*", name)


def test_a_type_is_declared_once() -> None:
    taken, contract = next(iter(published_events().items()))
    with pytest.raises(TypeError, match="a change of a contract is a new version"):
        type("Again", (Event,), {}, type=taken, topic=contract.topic, subject="insured")


def test_the_broker_has_the_declared_topics_and_two_for_each_group() -> None:
    names = [topic.name for topic in topics_on_the_broker()]
    assert len(names) == len(set(names)) == len(all_topics()) + 2 * len(consumer_groups())
    for group in consumer_groups():
        dead_letters, replays = topics_of_group(group)
        assert (dead_letters.name, replays.name) == (dead_letters_of(group), replays_of(group))
        assert {dead_letters.name, replays.name} <= set(names)
