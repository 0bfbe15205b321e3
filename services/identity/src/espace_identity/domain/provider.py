from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from espace_contracts.vocabulary import Locale
from espace_identity.domain.age import in_luxembourg

_ANNOUNCED_BEFORE = timedelta(hours=24)

_NAMES = {
    "luxtrust": dict.fromkeys(Locale, "LuxTrust"),
    "eid": {
        Locale.FRENCH: "Carte d'identité électronique (eID, GouvID)",
        Locale.GERMAN: "Elektronischer Personalausweis (eID, GouvID)",
        Locale.ENGLISH: "Electronic identity card (eID, GouvID)",
        Locale.LUXEMBOURGISH: "Elektronesch Identitéitskaart (eID, GouvID)",
    },
    "eidas": {
        Locale.FRENCH: "Identité électronique d'un autre pays européen (eIDAS)",
        Locale.GERMAN: "Elektronische Identität eines anderen europäischen Landes (eIDAS)",
        Locale.ENGLISH: "Electronic identity of another European country (eIDAS)",
        Locale.LUXEMBOURGISH: "Elektronesch Identitéit vun engem anere europäesche Land (eIDAS)",
    },
}
_SOURCES = {
    "luxtrust": {
        Locale.FRENCH: "Vous obtenez un produit LuxTrust auprès de votre banque ou de LuxTrust.",
        Locale.GERMAN: "Ein LuxTrust-Produkt erhalten Sie bei Ihrer Bank oder bei LuxTrust.",
        Locale.ENGLISH: "You get a LuxTrust product from your bank or from LuxTrust.",
        Locale.LUXEMBOURGISH: "E LuxTrust-Produkt kritt Dir bei Ärer Bank oder bei LuxTrust.",
    },
    "eid": {
        Locale.FRENCH: "Avec la puce de votre carte d'identité luxembourgeoise et son code PIN.",
        Locale.GERMAN: "Mit dem Chip Ihres luxemburgischen Personalausweises und seinem PIN-Code.",
        Locale.ENGLISH: "With the chip of your Luxembourg identity card and its PIN.",
        Locale.LUXEMBOURGISH: "Mam Chip vun Ärer lëtzebuergescher Identitéitskaart an hirem PIN-Code.",
    },
    "eidas": {
        Locale.FRENCH: "Avec l'identité électronique de votre pays. La première fois, votre matricule vous est demandé.",
        Locale.GERMAN: "Mit der elektronischen Identität Ihres Landes. Beim ersten Mal werden Sie nach Ihrer Matrikelnummer gefragt.",
        Locale.ENGLISH: "With the electronic identity of your country. The first time you are asked for your matricule.",
        Locale.LUXEMBOURGISH: "Mat der elektronescher Identitéit vun Ärem Land. Déi éischte Kéier gitt Dir no Ärer Matricule gefrot.",
    },
}
_MAINTENANCE = {
    Locale.FRENCH: "Maintenance du {start} au {end} : choisissez une autre manière de vous connecter pendant ce temps.",
    Locale.GERMAN: "Wartung vom {start} bis {end}: Wählen Sie in dieser Zeit eine andere Art der Anmeldung.",
    Locale.ENGLISH: "Maintenance from {start} to {end}: choose another way to log in during that time.",
    Locale.LUXEMBOURGISH: "Maintenance vum {start} bis {end}: Wielt an där Zäit eng aner Manéier fir Iech anzeloggen.",
}
PROVIDERS = tuple(_NAMES)
"""The ways to log in that the eSpace knows, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Maintenance:
    """When a provider says it will not answer."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """A way to log in, as it was agreed with who offers it.

    A national provider says the person's matricule (`matricule_claim`). eIDAS does not know it: it says a person identifier
    (`person_identifier_claim`) that is linked to the insured person once.
    """

    id: str
    issuer: str
    client_id: str
    acr_values: tuple[str, ...]
    matricule_claim: str | None = None
    person_identifier_claim: str | None = None
    maintenance: Maintenance | None = None

    def name(self, locale: Locale) -> str:
        """What the button says."""
        return _NAMES[self.id][locale]

    def about(self, locale: Locale) -> str:
        """What is needed for it, and where it comes from."""
        return _SOURCES[self.id][locale]

    def note(self, locale: Locale, now: datetime) -> str | None:
        """What to know before choosing it: a maintenance of this day or the next."""
        window = self.maintenance
        if window is None or not window.start - _ANNOUNCED_BEFORE <= now < window.end:
            return None
        start, end = (in_luxembourg(moment).strftime("%d.%m.%Y %H:%M") for moment in (window.start, window.end))
        return _MAINTENANCE[locale].format(start=start, end=end)
