"""The registry of topics and the code of the parts agree: nothing is declared that nobody says or hears, and nobody says or hears more.

Read from the source, so that no part needs to run: an event is said where its class is called, and heard where a handler in
events/incoming.py is decorated with `@subscriptions.to(Event)`.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from espace_contracts.event import Event, Topic
from espace_contracts.events import published_events
from espace_contracts.topics import all_topics, consumer_groups

ROOT = Path(__file__).parents[2]
PARTS = {folder.name: folder / "src" / f"espace_{folder.name}" for folder in ROOT.glob("services/*") if folder.is_dir()} | {
    "cns-core": ROOT / "deploy/embedded/cns_core/src/espace_cns_core"
}

each_topic = pytest.mark.parametrize("topic", all_topics(), ids=lambda topic: topic.name)
each_event = pytest.mark.parametrize("event", published_events().values(), ids=published_events())
each_part = pytest.mark.parametrize("part", PARTS)


@each_event
def test_an_event_is_said_by_the_owner_of_its_topic(event: type[Event]) -> None:
    owner = event.topic.owner
    assert event in said_by(owner), f"{owner} owns {event.topic.name} but nowhere in {shown(owner)} makes a {event.__name__}."


@each_topic
def test_a_topic_is_heard_by_every_reader_it_names(topic: Topic) -> None:
    told = {event for event in published_events().values() if event.topic == topic}
    deaf = [reader for reader in topic.readers if not told & heard_by(reader)]
    assert not deaf, (
        f"{topic.name} names as readers {', '.join(deaf)}, whose events/incoming.py subscribes to none of its events: "
        "write the handler, or take the name off the topic."
    )


@each_topic
def test_a_topic_is_watched_by_every_watcher_it_names(topic: Topic) -> None:
    told = {event for event in published_events().values() if event.topic == topic}
    blind = [watcher for watcher in topic.watchers if not told & heard_by(watcher)]
    assert not blind, (
        f"{topic.name} names as watchers {', '.join(blind)}, whose events/incoming.py subscribes to none of its events: "
        "write the handler, or take the name off the topic."
    )


@each_topic
def test_a_watcher_keeps_no_offset(topic: Topic) -> None:
    for watcher in topic.watchers:
        parts = keywords_in(parsed(PARTS[watcher] / "wiring.py"), "Wiring")
        assert "watches" in parts, f"{watcher} watches {topic.name}, so its wiring.py must say Wiring(watches=subscriptions)."
        assert "subscriptions" not in parts, f"{watcher} watches {topic.name} and must not read it in a group as well."


@each_event
def test_an_event_is_heard_by_somebody_its_topic_names(event: type[Event]) -> None:
    readers = (*event.topic.readers, *event.topic.watchers)
    assert any(event in heard_by(reader) for reader in readers), (
        f"Nobody handles {event.__name__}: one of {', '.join(readers)} must subscribe to it in events/incoming.py, or the contract must go."
    )


@each_part
def test_a_part_says_only_what_it_owns(part: str) -> None:
    foreign = sorted(event.__name__ for event in said_by(part) if event.topic.owner != part)
    assert not foreign, f"{part} makes {', '.join(foreign)}, whose topics belong to other parts."


@each_part
def test_a_part_hears_only_topics_that_name_it(part: str) -> None:
    undeclared = sorted(event.__name__ for event in heard_by(part) if part not in (*event.topic.readers, *event.topic.watchers))
    assert not undeclared, f"{part} subscribes to {', '.join(undeclared)}, but contracts/topics.py names it neither reader nor watcher."


def test_whom_the_topics_name_is_a_part() -> None:
    watchers = {watcher for topic in all_topics() for watcher in topic.watchers}
    strangers = ({topic.owner for topic in all_topics()} | set(consumer_groups()) | watchers) - PARTS.keys()
    assert not strangers, f"contracts/topics.py names {', '.join(sorted(strangers))}, which no folder holds."


@pytest.mark.parametrize("group", consumer_groups())
def test_the_group_of_a_reader_is_its_name(group: str) -> None:
    assert groups_in(parsed(PARTS[group] / "events" / "incoming.py")) == [group], (
        f'{shown(group)}/events/incoming.py must say Subscriptions(group="{group}") once.'
    )


def test_this_reading_of_the_source_finds_what_is_said_and_heard() -> None:
    tree = ast.parse("""
from espace_contracts import events as contracts
from espace_contracts.events import LetterFailed, LetterPosted as Posted, LetterRequested
from espace_notifications.domain.facts import ProcedureClosed

subscriptions = Subscriptions[UseCases](group="notifications")

@subscriptions.to(LetterRequested)
async def post(event): return ProcedureClosed()

@other.to(LetterFailed)
async def ignore(event): return Posted(letter=event.data.letter), contracts.DocumentAvailable()
""")
    assert groups_in(tree) == ["notifications"]
    assert {event.__name__ for event in heard_in(tree)} == {"LetterRequested"}
    assert {event.__name__ for event in said_in(tree)} == {"LetterPosted", "DocumentAvailable"}


def said_by(part: str) -> set[type[Event]]:
    """The events that this part makes anywhere in its source."""
    return {event for file in PARTS[part].rglob("*.py") for event in said_in(parsed(file))}


def heard_by(part: str) -> set[type[Event]]:
    """The events that this part has a handler for."""
    return heard_in(parsed(PARTS[part] / "events" / "incoming.py"))


@cache
def parsed(file: Path) -> ast.Module:
    """The source of a file; nothing when there is no such file, so that it says and hears nothing."""
    return ast.parse(file.read_text(encoding="utf-8") if file.exists() else "")


def said_in(tree: ast.Module) -> set[type[Event]]:
    """The events whose class is called."""
    events = imported_in(tree)
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {event for name, event in events.items() if name in called}


def heard_in(tree: ast.Module) -> set[type[Event]]:
    """The events in every decorator `@subscriptions.to(Event)`."""
    events = imported_in(tree)
    decorators = {
        ast.unparse(decorator) for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef) for decorator in node.decorator_list
    }
    return {event for name, event in events.items() if f"subscriptions.to({name})" in decorators}


def imported_in(tree: ast.Module) -> dict[str, type[Event]]:
    """The events a module imports, by the name it writes: `LetterPosted`, or `contracts.LetterPosted` when it imports them all."""
    by_class = {event.__name__: event for event in published_events().values()}
    names: dict[str, type[Event]] = {}
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            written = alias.asname or alias.name
            match node:
                case ast.ImportFrom(module="espace_contracts") if alias.name == "events":
                    names |= {f"{written}.{name}": event for name, event in by_class.items()}
                case ast.ImportFrom(module=str(module)) if module.startswith("espace_contracts.events") and alias.name in by_class:
                    names[written] = by_class[alias.name]
    return names


def groups_in(tree: ast.Module) -> list[str]:
    """The group of every `Subscriptions(group="name")`, with or without the type of its use cases."""
    return [
        str(keyword.value.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("Subscriptions")
        for keyword in node.keywords
        if keyword.arg == "group" and isinstance(keyword.value, ast.Constant)
    ]


def keywords_in(tree: ast.Module, name: str) -> set[str | None]:
    """The names of the arguments that `name` is called with."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == name]
    return {keyword.arg for call in calls for keyword in call.keywords}


def shown(part: str) -> Path:
    return PARTS[part].relative_to(ROOT)
