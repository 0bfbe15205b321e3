"""The matrix: every operation of the public API, and what it answers to whom. A new operation needs a row here."""

from __future__ import annotations

from harness.procedure import NEW_IBAN

from espace_embedded.demo.bank_statement import bank_statement

from .callers import Row, by_myself, one_by_myself, one_of_mine, open_to_all, own

_STATEMENT = bank_statement("Test", NEW_IBAN)
_WISH = {"holder_matricule": "1893120105733", "scopes": ["records"]}  # a wrong check digit, so that no mandate comes of it

MATRIX: dict[str, Row] = {
    # login: anybody may try
    "listLoginProviders": open_to_all(200),
    "beginLogin": open_to_all(302),
    "finishLogin": open_to_all(400),
    "linkIdentity": open_to_all(404).asking(json={"matricule": "1983081246785"}),
    "hearProviderLogout": open_to_all(400).asking(data={"logout_token": "x.y.z"}),
    # sessions and account: the person alone
    "getSession": by_myself(200).but(low=401),  # asked of identity without the cookie
    "logOut": open_to_all(200).ending_the_session(),
    "listSessions": by_myself(200),
    "endSession": one_by_myself(204),
    "logOutEverywhere": by_myself(204).ending_the_session(),
    "getAccount": by_myself(200),
    "setContact": by_myself(202).asking(json={"email": "access@example.lu"}),
    "confirmContact": by_myself(422).asking(json={"code": "12"}),
    "setMobile": by_myself(422).asking(json={"mobile": "+1 202 555 0123"}),  # from far away, so that no text message is sent
    "confirmMobile": by_myself(409).asking(json={"code": "12"}),
    "removeMobile": by_myself(204),
    "listMandates": by_myself(200),
    "giveMandate": by_myself(422).asking(json=_WISH),
    "acceptMandate": one_by_myself(200).about(mandate="mandate held"),
    "endMandate": one_by_myself(204).about(mandate="mandate to end"),
    "listAccesses": by_myself(200),
    # my data
    "getMe": own(200),
    "getMyBankDetails": own(200),
    "getMyFamily": own(200),
    "getMyLeave": own(200),
    "listMyReimbursements": own(200),
    "getMyReimbursement": one_of_mine(200),
    "downloadMyReimbursements": own(200).asking(params={"year": 2026}),
    # procedures
    "getCatalogue": open_to_all(200),
    "listProcedures": own(200),
    "startProcedure": own(422).asking(json={"kind": "none", "locale": "fr"}),
    "getProcedure": one_of_mine(200),
    "deleteDraft": one_of_mine(412).stale(),
    "saveAnswers": one_of_mine(412).stale().asking(json={"answers": {}}),
    "submitProcedure": one_of_mine(412).stale(),
    "withdrawProcedure": one_of_mine(409).stale(),  # nor can a draft be taken back
    "listMessages": one_of_mine(200),
    "writeMessage": one_of_mine(409).asking(json={"text": "Moien"}),  # the fund does not have a draft
    "markMessageRead": one_of_mine(204).about(procedure="procedure with a message"),
    "attachFile": one_of_mine(412).stale().asking(data={"role": "bank_statement"}, files={"file": ("a.pdf", _STATEMENT)}),
    "removeAttachment": one_of_mine(412).stale(),
    "downloadAttachment": one_of_mine(200),
    # appointments
    "listAgencies": open_to_all(200),
    "listSlots": open_to_all(200),
    "listAppointments": own(200),
    "getAppointment": one_of_mine(200),
    "moveAppointment": one_of_mine(412).stale().asking(json={"slot": "2030-01-07T08:00:00Z"}),
    "cancelAppointment": one_of_mine(412).stale(),
    # without login
    "makeChallenge": open_to_all(201).asking(json={"locale": "fr"}),
    "submitDirectly": open_to_all(422).asking(files={"request": (None, "{}", "application/json")}),
    # documents
    "listDocuments": own(200),
    "getDocument": one_of_mine(200),
    "downloadDocument": one_of_mine(200),
    "downloadDocuments": one_of_mine(200).naming(id="document"),
    "archiveDocument": one_of_mine(204),
    "takeBackDocument": one_of_mine(204),
    "getEvidence": one_of_mine(200),
    "listDeliveries": own(200),
    "getEdelivery": own(200),
    "switchEdelivery": by_myself(200).asking(json={"active": True}),
    "verifyDocument": open_to_all(200).about(code="document"),  # an id is no code, and is told to be none
    # live status: a login at the level low opens no session, and the gateway takes no token
    "watchEvents": by_myself(200).but(low=None),
}
