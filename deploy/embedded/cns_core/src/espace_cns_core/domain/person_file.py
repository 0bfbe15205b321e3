from __future__ import annotations

from dataclasses import dataclass

from espace_cns_core.domain.family import Family, FamilyMember
from espace_cns_core.domain.leave import Leave
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.reimbursement import Reimbursement


@dataclass(frozen=True, kw_only=True)
class PersonFile:
    """All that is put on file with an invented person: relatives who are persons on file themselves, and what the fund knows of them."""

    person: Person
    relatives: tuple[Person, ...] = ()
    families: tuple[Family, ...] = ()
    """The person's first, then those that the relatives have."""
    leaves: tuple[Leave, ...] = ()
    reimbursements: tuple[Reimbursement, ...] = ()

    @property
    def members(self) -> tuple[FamilyMember, ...]:
        """The person's family."""
        return self.families[0].members if self.families else ()
