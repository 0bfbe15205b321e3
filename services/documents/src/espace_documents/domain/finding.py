"""What is answered to whoever asks whether a document is genuine."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from espace_contracts.vocabulary import Locale


class Finding(StrEnum):
    """How a document stands."""

    GENUINE = "genuine"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


# ruff: noqa: RUF001  # the French and Luxembourgish apostrophe
SENTENCES: Mapping[Finding, Mapping[Locale, str]] = {
    Finding.GENUINE: {
        Locale.FRENCH: (
            "La CNS a délivré ce document, et il est valable. Comparez son type, sa date et sa référence avec ceux qui s’affichent ici."
        ),
        Locale.GERMAN: (
            "Die CNS hat dieses Dokument ausgestellt, und es ist gültig. Vergleichen Sie Art, Datum und Zeichen mit den Angaben hier."
        ),
        Locale.ENGLISH: "The CNS issued this document, and it is valid. Compare its type, date and reference with those shown here.",
        Locale.LUXEMBOURGISH: (
            "D’CNS huet dëst Dokument ausgestallt, an et ass gëlteg. Vergläicht Aart, Datum a Referenz mat deenen, déi hei stinn."
        ),
    },
    Finding.UNKNOWN: {
        Locale.FRENCH: (
            "La CNS n’a délivré aucun document portant ce code. "
            "Scannez-le encore une fois ; si le résultat reste le même, ne vous fiez pas au document."
        ),
        Locale.GERMAN: (
            "Die CNS hat kein Dokument mit diesem Code ausgestellt. "
            "Scannen Sie ihn noch einmal; bleibt es dabei, verlassen Sie sich nicht auf das Dokument."
        ),
        Locale.ENGLISH: (
            "The CNS issued no document with this code. Scan it once more; if the answer stays the same, do not rely on the document."
        ),
        Locale.LUXEMBOURGISH: (
            "D’CNS huet keen Dokument mat dësem Code ausgestallt. "
            "Scannt en nach eng Kéier; bleift et dobäi, verloosst Iech net op d’Dokument."
        ),
    },
    Finding.WITHDRAWN: {
        Locale.FRENCH: "La CNS a délivré ce document, puis l’a retiré : il n’est plus valable.",
        Locale.GERMAN: "Die CNS hat dieses Dokument ausgestellt und später zurückgezogen: Es gilt nicht mehr.",
        Locale.ENGLISH: "The CNS issued this document and withdrew it later: it is no longer valid.",
        Locale.LUXEMBOURGISH: "D’CNS huet dëst Dokument ausgestallt a méi spéit zréckgezunn: Et ass net méi gëlteg.",
    },
    Finding.REPLACED: {
        Locale.FRENCH: "La CNS a délivré ce document, puis l’a remplacé par un autre : seul le nouveau est valable.",
        Locale.GERMAN: "Die CNS hat dieses Dokument ausgestellt und später durch ein anderes ersetzt: Nur das neue gilt.",
        Locale.ENGLISH: "The CNS issued this document and replaced it later by another: only the new one is valid.",
        Locale.LUXEMBOURGISH: "D’CNS huet dëst Dokument ausgestallt a méi spéit duerch en anert ersat: Nëmmen dat neit ass gëlteg.",
    },
}
"""Each finding as a person reads it."""
