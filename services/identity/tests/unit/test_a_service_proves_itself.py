from __future__ import annotations

import pytest

from espace_identity.domain.clients import Clients, UnknownClient
from espace_identity.storage.client_secrets import read_clients

CLIENTS = Clients({"gateway": "right", "records": "other", "unset": ""})


def test_a_service_is_known_by_its_own_secret():
    CLIENTS.recognise("gateway", "right")


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("gateway", "wrong"),
        ("gateway", "other"),
        ("gateway", ""),
        ("nobody", "right"),
        ("nobody", ""),
        ("", ""),
        ("unset", ""),
        ("gateway", "ŕight"),
    ],
)
def test_any_other_pair_is_refused(name, secret):
    with pytest.raises(UnknownClient):
        CLIENTS.recognise(name, secret)


def test_the_secrets_are_read_from_their_files_alone(tmp_path):
    (tmp_path / "gateway.client-secret").write_text("from-a-file\n")
    (tmp_path / "identity-signing-key.pem").write_text("a key")
    clients = read_clients(tmp_path)
    clients.recognise("gateway", "from-a-file")
    for name in ("identity-signing-key.pem", "../gateway", "identity-signing-key"):
        with pytest.raises(UnknownClient):
            clients.recognise(name, "a key")
