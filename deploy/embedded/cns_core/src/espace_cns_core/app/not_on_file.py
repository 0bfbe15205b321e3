from __future__ import annotations


class NotOnFile(Exception):
    """The fund has no file on this person."""
