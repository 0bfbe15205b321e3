"""Documents says why a letter must not be posted any more by the name of a problem; whoever posts letters knows each of them."""

from __future__ import annotations

from espace_contracts.events import CallOffReason
from espace_documents.domain.document import NoMore
from espace_notifications.printing.documents import FOR_GOOD


def test_each_reason_for_which_documents_keeps_a_letter_back_for_good_is_understood_and_told() -> None:
    assert set(FOR_GOOD) == {why.value for why in NoMore}
    assert {why.value for why in FOR_GOOD.values()} == {reason.value for reason in CallOffReason}
