"""Many benefits that the fund settles at once, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID, uuid5

from espace_cns_core.domain.benefit import Benefit, BenefitTold
from espace_cns_core.domain.reimbursement import Reimbursement, Settled
from espace_kernel.aggregate import Aggregate

PART = 100
"""How many benefits are told by one write: a part, and all it tells, must fit into one document of the store."""


@dataclass(kw_only=True)
class RunPart(Aggregate):
    """The benefits of up to PART persons, told together. The same part of the same run is told once."""

    run: UUID
    first: int
    """The number of its first person."""
    size: int

    @classmethod
    def of(cls, run: UUID, first: int, benefits: tuple[Benefit | Reimbursement, ...]) -> Self:
        """The part that tells these."""
        part = cls(id=uuid5(run, str(first)), run=run, first=first, size=len(benefits))
        for benefit in benefits:
            part.record(Settled(benefit) if isinstance(benefit, Reimbursement) else BenefitTold(benefit))
        return part
