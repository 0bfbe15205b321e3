"""Where the seal's key lies when it is no file: in a device that signs and never gives it away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """A key behind a PKCS#11 library: `module` is the library's path, `token` and `key` are labels.

    `environment` names the variables that the library itself reads, such as where its configuration lies.
    """

    module: str
    token: str
    key: str
    environment: tuple[str, ...] = ()
