from __future__ import annotations

from collections.abc import Iterator

from espace_cns_core.domain.demo_families import demo_family_of, demo_relatives
from espace_cns_core.domain.demo_leave import demo_leave_of
from espace_cns_core.domain.demo_persons import demo_persons
from espace_cns_core.domain.demo_reimbursements import demo_reimbursements_of
from espace_cns_core.domain.person_file import PersonFile


def demo_files() -> Iterator[PersonFile]:
    """The twelve demo persons with all that is on file on them."""
    return (
        PersonFile(
            person=person,
            relatives=demo_relatives(person),
            families=demo_family_of(person),
            leaves=(demo_leave_of(person),),
            reimbursements=tuple(demo_reimbursements_of(person)),
        )
        for person in demo_persons()
    )
