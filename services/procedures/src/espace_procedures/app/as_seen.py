from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.ports import Procedures
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.status import Actor


@dataclass(frozen=True, slots=True)
class AsSeen:
    """A procedure as its person saw it when they acted. `version` None: they act on it however it stands.

    `actor` is the holder of a mandate when somebody acts on the person's behalf.
    """

    procedure: UUID
    insured: InsuredId
    version: int | None = None
    actor: Actor = Actor.PERSON

    async def load(self, procedures: Procedures) -> Procedure:
        """The procedure, still as it was seen. Raises NoSuchProcedure, VersionConflict."""
        procedure = await procedures.get(self.procedure, self.insured)
        self.must_match(procedure)
        return procedure

    def must_match(self, procedure: Procedure) -> None:
        """Raises VersionConflict when it changed since it was seen."""
        if self.version is not None and self.version != procedure.version:
            raise VersionConflict("The procedure was changed since the person saw it.")
