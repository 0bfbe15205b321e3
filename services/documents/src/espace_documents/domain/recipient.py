"""Whom documents are addressed to, as the fund's file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId, Locale, PostalAddress

ADDRESS_UNKNOWN: Mapping[Locale, str] = {
    Locale.FRENCH: "Adresse inconnue de la CNS",
    Locale.GERMAN: "Der CNS ist keine Adresse bekannt",
    Locale.ENGLISH: "Address unknown to the CNS",
    Locale.LUXEMBOURGISH: "D’CNS kennt keng Adress",  # noqa: RUF001  # the Luxembourgish apostrophe
}
"""What stands in the place of the address in a document for a person without one, in the document's language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A person of the fund's file, as far as a document needs to know them. The highest revision is the truth.

    `address_revision`: the revision that brought the address, as far as revisions came by here. So a later one means another address.
    """

    id: InsuredId
    revision: int
    name: str
    address: PostalAddress | None
    locale: Locale
    deceased: bool
    address_revision: int = 0

    def address_in(self, locale: Locale) -> PostalAddress:
        """What a document says of where the recipient lives: the address on file, or a line saying that there is none."""
        return self.address or PostalAddress(lines=(ADDRESS_UNKNOWN[locale],), country="LU")
