"""When a mail system's refusal says that nobody reads at an address any more, and not that this message did not please or came early."""

from __future__ import annotations

import re

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

NOBODY_THERE = {
    "1.0": "the address is wrong, in a way that was not said more exactly",
    "1.1": "there is no such mailbox",
    "1.2": "there is no such domain, or it takes no mail",
    "1.3": "the address cannot be one",
    "1.6": "the mailbox has moved and left no address behind",
    "1.10": "the domain declares that it takes no mail (RFC 7505)",
    "2.1": "the mailbox is disabled",
    "4.4": "no way to the domain is known: it is no longer in the DNS",
}
"""Subject and detail of an enhanced status code (RFC 3463, registry of RFC 5248) after a 5: what it says. Every other may pass, or is about
the message, its size, its sender or a rule of the receiver, such as 2.2 (mailbox full), 2.3 and 3.4 (too big), 5.x, 6.x, 7.x (policy)."""

NOBODY_THERE_REPLIES = frozenset({521, 550, 551, 553, 556})
"""Replies of SMTP to a recipient that say the same where there is no enhanced status code, or the one that says nothing, 5.0.0:
550 and 553 no such mailbox, 551 not here (RFC 5321, 4.2.3), 521 and 556 no mail here at all (RFC 7504)."""


def nobody_reads_there(reply: int | None, text: str) -> bool:
    """Whether a refusal, by its reply code and its text, or a notification's status means that the address is of no more use."""
    found = _STATUS.search(text)
    if found is None or found[0] == "5.0.0":
        return reply in NOBODY_THERE_REPLIES
    return found[1] == "5" and f"{int(found[2])}.{int(found[3])}" in NOBODY_THERE
