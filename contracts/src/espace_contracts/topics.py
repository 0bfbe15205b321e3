"""The registry of topics: the broker's topics, the AsyncAPI document and the tests of completeness are made from it."""

from __future__ import annotations

from espace_contracts.event import Topic

PERSONS = Topic(
    "cns.persons.v1",
    owner="cns-core",
    readers=("identity", "records", "procedures", "documents"),
    about="The fund's file on a person, whole at each change; the highest revision is the truth.",
)
BENEFITS = Topic(
    "cns.benefits.v1",
    owner="cns-core",
    readers=("records", "documents"),
    about="What the fund granted a person: settled reimbursements and other benefits.",
)
DECISIONS = Topic(
    "cns.decisions.v1",
    owner="cns-core",
    readers=("procedures",),
    about="What the fund says on a submission: the final decision, what is to be corrected, or a message.",
)
ACCOUNTS = Topic(
    "espace.accounts.v1",
    owner="identity",
    readers=("documents", "notifications"),
    watchers=("gateway",),
    about="Which contact address and mobile number a person gave and confirmed, and which sessions ended.",
)
PROCEDURES = Topic(
    "espace.procedures.v1",
    owner="procedures",
    readers=("documents", "notifications", "cns-core", "identity"),
    watchers=("gateway",),
    about="The moves of a procedure, from its forwarding to the fund to its closing, and the messages about it.",
)
DOCUMENTS = Topic(
    "espace.documents.v1",
    owner="documents",
    readers=("notifications",),
    watchers=("gateway",),
    about="Documents that became available by eDelivery, that lie there unread, and letters to be posted.",
)
PREFERENCES = Topic(
    "espace.preferences.v1",
    owner="documents",
    readers=("notifications",),
    about="eDelivery switched on or off by the person.",
)
DELIVERIES = Topic(
    "espace.deliveries.v1",
    owner="notifications",
    readers=("documents", "identity"),
    about="What became of letters and notices.",
)

_ALL = (PERSONS, BENEFITS, DECISIONS, ACCOUNTS, PROCEDURES, DOCUMENTS, PREFERENCES, DELIVERIES)


def all_topics() -> tuple[Topic, ...]:
    """Every declared topic, in the order of the walk of a closed procedure."""
    return _ALL


def consumer_groups() -> tuple[str, ...]:
    """Every group that reads, sorted; each also owns `<group>-dlt` and `<group>-replay`."""
    return tuple(sorted({group for topic in _ALL for group in topic.readers}))


def dead_letters_of(group: str) -> str:
    """The topic that holds what this group could not handle."""
    return f"{group}-dlt"


def replays_of(group: str) -> str:
    """The topic that only this group reads, where its dead letters come back."""
    return f"{group}-replay"


def topics_of_group(group: str) -> tuple[Topic, Topic]:
    """The two topics a group has to itself: its dead letters and their replay. Few records, so one partition keeps them in order."""
    dead_letters = Topic(
        dead_letters_of(group),
        owner=group,
        readers=(group,),
        about=f"What {group} could not handle: the records as they came, with headers that say from where they came and why they failed.",
        partitions=1,
    )
    replays = Topic(
        replays_of(group),
        owner=group,
        readers=(group,),
        about=f"Dead letters that an operator sent back to {group}, and to no other reader.",
        partitions=1,
    )
    return dead_letters, replays


def topics_on_the_broker() -> tuple[Topic, ...]:
    """Every topic the broker must have: the declared ones, then each group's own."""
    return (*_ALL, *(topic for group in consumer_groups() for topic in topics_of_group(group)))
