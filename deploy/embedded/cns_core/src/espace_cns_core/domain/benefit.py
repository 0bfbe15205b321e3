"""What the fund settles or decides and tells the person by a document, other than reimbursements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from espace_contracts.contents import BenefitContent
from espace_contracts.vocabulary import Locale
from espace_kernel.aggregate import Aggregate


@dataclass(frozen=True)
class BenefitTold:
    """The fund settled it and tells the person."""

    benefit: Benefit


@dataclass(kw_only=True)
class Benefit(Aggregate):
    """One benefit of one person. It never changes. `run`: it is one of many of this run."""

    insured: UUID
    content: BenefitContent
    locale: Locale
    settled_at: datetime
    run: UUID | None = None

    def tell(self) -> Self:
        """Say that it is settled, once and for all."""
        self.record(BenefitTold(self))
        return self
