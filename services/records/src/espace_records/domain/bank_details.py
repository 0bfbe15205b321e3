from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_SHOWN_BEFORE, _SHOWN_AFTER, _GROUP = 4, 4, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class BankDetails:
    """The account the fund pays a person's reimbursements to."""

    iban: str
    bic: str | None
    holder: str
    since: date

    @property
    def masked_iban(self) -> str:
        """The IBAN as it may be shown, in groups of four as it is printed: country, check digits and the last four characters."""
        hidden = "•" * (len(self.iban) - _SHOWN_BEFORE - _SHOWN_AFTER)
        masked = self.iban[:_SHOWN_BEFORE] + hidden + self.iban[-_SHOWN_AFTER:]
        return " ".join(masked[start : start + _GROUP] for start in range(0, len(masked), _GROUP))
