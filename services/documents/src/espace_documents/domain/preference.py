"""Whether a person wants their documents by eDelivery, and what they were told before they chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import Locale
from espace_documents.domain.contact import UNKNOWN, Contact
from espace_kernel.aggregate import Aggregate

CONSEQUENCES: Mapping[Locale, str] = {
    Locale.FRENCH: (
        "En activant l’eDelivery, je renonce à recevoir ces documents par la poste. "  # noqa: RUF001  # the French apostrophe
        "Je peux changer d’avis à tout moment : il suffit de désactiver l’eDelivery."  # noqa: RUF001  # the French apostrophe
    ),
    Locale.GERMAN: (
        "Wenn ich eDelivery aktiviere, verzichte ich darauf, diese Dokumente per Post zu erhalten. "
        "Ich kann meine Meinung jederzeit ändern, indem ich eDelivery deaktiviere."
    ),
    Locale.ENGLISH: (
        "By activating eDelivery, I give up the right to receive these documents by post. "
        "I can change my mind at any time by deactivating eDelivery."
    ),
    Locale.LUXEMBOURGISH: (
        "Wann ech eDelivery aktivéieren, verzichten ech drop, dës Dokumenter mat der Post ze kréien. "
        "Ech ka meng Meenung zu all Moment änneren, andeems ech eDelivery desaktivéieren."
    ),
}
"""What activating eDelivery means, as the person reads it before the choice. Source: the fund's own page on eDelivery."""

WORDING = 1
"""Which wording of the consequences this is. Count it up with every change of their meaning: each switch keeps the one that was shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """One act of the person: what they chose, when, and which wording of the consequences was in force."""

    active: bool
    at: datetime
    wording: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EdeliverySwitched:
    """The person switched eDelivery on or off."""

    insured: UUID
    revision: int
    active: bool
    at: datetime
    locale: Locale


@dataclass(kw_only=True)
class Preference(Aggregate):
    """A person's choice of channel: every switch they made, of which the last holds. No switch means post. `id` is the insured person's.

    Beside it stands whether notices reach them, on which the channel depends too: both are read as of one instant.
    """

    history: tuple[Switch, ...] = ()
    contact: Contact = UNKNOWN

    @property
    def active(self) -> bool:
        """Whether documents come by eDelivery."""
        return bool(self.history) and self.history[-1].active

    @property
    def since(self) -> datetime | None:
        """When the present choice was made; None when the person never chose."""
        return self.history[-1].at if self.history else None

    @property
    def revision(self) -> int:
        """How many switches there were."""
        return len(self.history)

    def switch(self, *, active: bool, at: datetime, locale: Locale) -> bool:
        """Record the choice. False, and nothing recorded, when it is the present one already."""
        if active == self.active:
            return False
        self.history = (*self.history, Switch(active=active, at=at, wording=WORDING))
        self.record(EdeliverySwitched(insured=self.id, revision=self.revision, active=active, at=at, locale=locale))
        return True

    def hear(self, contact: Contact) -> bool:
        """Know this of the contact address from now on. False when it was known."""
        if contact == self.contact:
            return False
        self.contact = contact
        return True
