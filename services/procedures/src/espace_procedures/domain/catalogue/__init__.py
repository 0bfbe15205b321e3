"""The procedures of the eSpace, one folder each: the name of the folder is the permanent code of the kind."""

from __future__ import annotations

from importlib import import_module

from espace_contracts.vocabulary import ProcedureKind
from espace_procedures.domain.definition import Definition

CATALOGUE: dict[ProcedureKind, Definition] = {kind: import_module(f"{__name__}.{kind}.definition").DEFINITION for kind in ProcedureKind}
"""Every kind the parts speak of, in the order it is offered. A kind without its folder fails the start."""
