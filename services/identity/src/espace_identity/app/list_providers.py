from __future__ import annotations

from dataclasses import dataclass

from espace_contracts.vocabulary import Locale
from espace_identity.app.ports import Clock, Providers


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to log in, in the person's language."""

    provider: str
    name: str
    about: str
    note: str | None


class ListProviders:
    """The ways to log in."""

    def __init__(self, providers: Providers, clock: Clock) -> None:
        self._providers, self._clock = providers, clock

    def __call__(self, locale: Locale) -> list[Choice]:
        """In the order of the page."""
        now = self._clock()
        return [Choice(agreed.id, agreed.name(locale), agreed.about(locale), agreed.note(locale, now)) for agreed in self._providers.all()]
