"""The archive's master keys, from secret files.

Every file `documents-archive*.key` is a key: 32 random bytes in base64. The last by name wraps, all of them open. To change the key, put a
file with a later name beside the others, such as `documents-archive.2026-12-01.key`, and wrap anew what the earlier one wrapped
(`python -m espace_documents rewrap`); nothing is restarted. See docs/runbooks/archive-keys.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path

from espace_documents.app.ports import ArchiveLocked
from espace_documents.storage.wrapping import KEY_BYTES, unwrap, wrap
from espace_kernel.logs import logger

log = logger()

_NAMES = "documents-archive*.key"
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key wrapped with a master key, which `master` names: the beginning of its SHA-256."""

    master: str
    key: bytes


class MasterKeys:
    """The keys at hand. Before one is used for wrapping, and when one is missing, the folder is looked at again."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError when a file holds no key, or there is none."""
        self._folder = folder
        self._keys = _keys_in(folder)

    def newest(self) -> str:
        """The name of the key that wraps."""
        self._look_again()
        return next(reversed(self._keys))

    def wrap(self, key: bytes, bound_to: bytes) -> Wrapped:
        """The key, wrapped with the newest of the master keys."""
        master = self.newest()
        return Wrapped(master, wrap(key, under=self._keys[master], bound_to=bound_to))

    def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        """The key again. Raises ArchiveLocked when its master key is not among the secrets, NotAuthentic when it was tampered with."""
        if wrapped.master not in self._keys:
            self._look_again()
        if wrapped.master not in self._keys:
            log.error("a master key of the archive is missing among the secrets", reason=wrapped.master)
            raise ArchiveLocked(
                f"The archive's master key {wrapped.master} is not among the secrets, so a recipient's documents stay closed. "
                f"Put its file back beside the other {_NAMES}; then replay."
            )
        return unwrap(wrapped.key, under=self._keys[wrapped.master], bound_to=bound_to)

    def _look_again(self) -> None:
        try:
            self._keys = _keys_in(self._folder)
        except (OSError, ValueError) as error:  # a file half written, or gone between two looks: the keys at hand go on
            log.error("the archive's master keys cannot be read; the ones at hand are used", exc_info=error)


def _keys_in(folder: Path) -> dict[str, bytes]:
    """The keys by their names, the newest last."""
    keys = [_key(file) for file in sorted(folder.glob(_NAMES), key=lambda file: file.stem)]
    if not keys:
        raise ValueError(f"There is no {_NAMES} among the secrets. Put the archive's master key there: without it no document can be read.")
    return {hashlib.sha256(key).digest()[:_ID_BYTES].hex(): key for key in keys}


def _key(file: Path) -> bytes:
    try:
        key = base64.b64decode(file.read_text(encoding="ascii").strip(), validate=True)
    except (binascii.Error, UnicodeDecodeError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"{file.name} holds no master key: {KEY_BYTES} random bytes in base64, and nothing else.")
    return key
