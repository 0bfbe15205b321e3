from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GrantedAppointment:
    """The agency expects the person."""
