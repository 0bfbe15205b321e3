from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from espace_cns_core.domain.family import FamilyMember
from espace_cns_core.domain.person import Identity, Person


@dataclass(frozen=True)
class Covered:
    """One person whom a certificate covers."""

    insured: UUID
    identity: Identity


@dataclass(frozen=True)
class Household:
    """An insured person with their family, as a decision finds them on file on a day."""

    principal: Person
    members: tuple[FamilyMember, ...]
    on: date

    @property
    def lives_abroad(self) -> bool:
        """Whether the address on file is in another country; who has none on file counts as a resident."""
        address = self.principal.address
        return address is not None and address.country != "LU"

    @property
    def coinsured(self) -> tuple[FamilyMember, ...]:
        """Who is insured through the principal on that day."""
        return tuple(member for member in self.members if member.is_coinsured_on(self.on))

    @property
    def covered(self) -> tuple[Covered, ...]:
        """Everybody to whom a certificate can be given: the principal, then the co-insured."""
        principal = Covered(self.principal.id, self.principal.identity)
        return principal, *(Covered(member.person, member.identity) for member in self.coinsured)

    def find(self, name: str) -> Covered | None:
        """Whom an answer means: by insured id, or by matricule as it is typed without login. None: neither the principal nor co-insured."""
        return next((person for person in self.covered if name in {str(person.insured), person.identity.matricule}), None)

    def named(self, names: object) -> tuple[Covered, ...]:
        """The covered among those whom an answer names, separated by spaces, each once; only the principal when it names nobody."""
        wanted = str(names or "").lower().split() or [str(self.principal.id)]
        return tuple(dict.fromkeys(found for name in wanted if (found := self.find(name)) is not None))

    def misses(self, names: object) -> bool:
        """Whether an answer names somebody whom no certificate can cover."""
        return any(self.find(name) is None for name in str(names or "").lower().split())
