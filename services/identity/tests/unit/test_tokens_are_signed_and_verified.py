"""What identity signs, read by the verifier that every service has; and everything that only looks like it, refused."""

from __future__ import annotations

import base64
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.assurance import SUBSTANTIAL
from espace_identity.domain.token import Acting, Assurance, Claims
from espace_identity.storage.signing_keys import RIPENS, SigningKeys
from espace_kernel.access import TokenVerifier
from espace_kernel.problems import Problem

INSURED, HOLDER = uuid4(), InsuredId(uuid4())
CURRENT = "identity-signing-key.pem"
LATER = "identity-signing-key.2026-12-01.pem"


def claims(issued_at: datetime | None = None) -> Claims:
    now = issued_at or datetime.now(UTC)
    return Claims(
        subject=str(INSURED), issued_at=now, assurance=Assurance(acr=SUBSTANTIAL, at=now - timedelta(minutes=3), session=UUID(int=7))
    )


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def written(folder, name: str, key: ECKey, at: float = 0.0) -> None:
    """A key file, put there at this moment."""
    (folder / name).write_bytes(key.as_pem(private=True))
    os.utime(folder / name, (at, at))


@pytest.fixture(scope="module")
def key() -> ECKey:
    return ECKey.generate_key("P-256")


@pytest.fixture
def keys(tmp_path, key) -> SigningKeys:
    written(tmp_path, CURRENT, key)
    return SigningKeys(tmp_path)


async def refused(keys: SigningKeys, token: str) -> bool:
    try:
        await TokenVerifier(keys.key_set).verify(token)
    except Problem as problem:
        return problem.status == 401
    return False


async def test_a_persons_token_holds_in_every_service(keys):
    signed = claims()
    principal = await TokenVerifier(keys.key_set).verify(keys.sign(signed))
    assert (principal.insured, principal.service, principal.acr) == (INSURED, None, SUBSTANTIAL)
    assert signed.assurance is not None
    assert principal.auth_time == int(signed.assurance.at.timestamp())


async def test_a_token_on_behalf_says_for_whom_by_whom_and_where(keys, key):
    signed = claims()
    acting = Claims(
        subject=signed.subject, issued_at=signed.issued_at, assurance=signed.assurance,
        acting=Acting(holder=HOLDER, scopes=frozenset({"records", "documents"})),
    )  # fmt: skip
    principal = await TokenVerifier(keys.key_set).verify(keys.sign(acting))
    assert (principal.insured, principal.acting, principal.scopes) == (INSURED, HOLDER, {"records", "documents"})
    body = jwt.decode(keys.sign(acting), key, algorithms=["ES256"]).claims
    assert (body["act"], body["scope"]) == ({"sub": str(HOLDER)}, "documents records")


async def test_a_services_token_stands_for_no_person(keys):
    principal = await TokenVerifier(keys.key_set).verify(keys.sign(Claims(subject="notifications", issued_at=datetime.now(UTC))))
    assert (principal.insured, principal.service) == (None, "notifications")


def test_a_token_says_what_was_agreed_and_no_more(keys, key):
    now = datetime.now(UTC)
    token = jwt.decode(keys.sign(claims(now)), key, algorithms=["ES256"])
    assert token.header == {"typ": "JWT", "alg": "ES256", "kid": key.thumbprint()}
    assert token.claims == {
        "iss": "espace-identity", "aud": "espace", "sub": str(INSURED), "kind": "person", "acr": SUBSTANTIAL,
        "auth_time": int((now - timedelta(minutes=3)).timestamp()), "sid": str(UUID(int=7)),
        "iat": int(now.timestamp()), "exp": int(now.timestamp()) + 120,
    }  # fmt: skip


async def test_an_expired_token_is_refused(keys):
    assert await refused(keys, keys.sign(claims(datetime.now(UTC) - timedelta(seconds=130))))


@pytest.mark.parametrize("changed", [{"aud": "another"}, {"iss": "somebody"}, {"aud": None}, {"exp": None}, {"kind": None}, {"sub": "me"}])
async def test_a_token_for_another_purpose_is_refused_though_well_signed(keys, key, changed):
    body = jwt.decode(keys.sign(claims()), key, algorithms=["ES256"]).claims | changed
    body = {name: value for name, value in body.items() if value is not None}
    assert await refused(keys, jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, body, key))


async def test_a_token_of_another_key_is_refused_whichever_name_it_gives(keys, key):
    other = ECKey.generate_key("P-256")
    body = jwt.decode(keys.sign(claims()), key, algorithms=["ES256"]).claims
    for kid in (key.thumbprint(), other.thumbprint()):
        assert await refused(keys, jwt.encode({"alg": "ES256", "kid": kid}, body, other))


async def test_a_token_without_a_signature_is_refused(keys):
    header, body, _ = keys.sign(claims()).split(".")
    none = encoded(b'{"alg": "none"}')
    for token in (f"{none}.{body}.", f"{header}.{body}.", f"{none}.{body}", body, ""):
        assert await refused(keys, token)


async def test_a_published_key_used_as_a_shared_secret_is_refused(keys, key):
    _, body, _ = keys.sign(claims()).split(".")
    header = encoded(json.dumps({"alg": "HS256", "kid": key.thumbprint()}).encode())
    for known_to_all in (key.as_pem(private=False), json.dumps(keys.published["keys"][0]).encode()):
        signature = encoded(hmac.digest(known_to_all, f"{header}.{body}".encode(), "sha256"))
        assert await refused(keys, f"{header}.{body}.{signature}")


async def test_a_token_whose_content_was_changed_is_refused(keys, key):
    header, body, signature = keys.sign(claims()).split(".")
    content = json.loads(base64.urlsafe_b64decode(body + "=="))
    content["sub"] = str(uuid4())
    assert await refused(keys, f"{header}.{encoded(json.dumps(content).encode())}.{signature}")


def test_no_private_part_is_published(keys):
    [published] = keys.published["keys"]
    assert set(published) == {"kty", "crv", "x", "y", "use", "alg", "kid"}
    assert published["use"] == "sig"


class Minutes:
    """A clock in seconds since 1970 that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def kid_of(token: str) -> str:
    return json.loads(base64.urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "=="))["kid"]


async def test_the_key_is_changed_by_putting_the_next_one_beside_it(tmp_path):
    """Through the whole change every token that is given out holds in a service that asks for keys it has not seen."""
    old, new, clock = ECKey.generate_key("P-256"), ECKey.generate_key("P-256"), Minutes()
    written(tmp_path, CURRENT, old)
    keys = SigningKeys(tmp_path, clock)
    verifier = TokenVerifier(keys.key_set)

    async def given_out() -> str:
        token = keys.sign(claims())
        verifier._fetched_at -= 2  # as if the service's last look at the keys was a while ago
        assert (await verifier.verify(token)).insured == INSURED
        return kid_of(token)

    assert await given_out() == old.thumbprint()
    written(tmp_path, LATER, new, at=clock.now)
    clock.now += RIPENS - 1
    assert await given_out() == old.thumbprint()
    assert {key["kid"] for key in keys.published["keys"]} == {old.thumbprint(), new.thumbprint()}
    last_of_the_old = keys.sign(claims())
    clock.now += 1
    assert await given_out() == new.thumbprint()
    assert (await verifier.verify(last_of_the_old)).insured == INSURED
    (tmp_path / CURRENT).unlink()
    clock.now += 300
    assert await given_out() == new.thumbprint()
    assert [key["kid"] for key in keys.published["keys"]] == [new.thumbprint()]
    assert await refused(keys, last_of_the_old)


async def test_a_first_key_signs_at_once_however_new_it_is(tmp_path):
    clock = Minutes()
    written(tmp_path, CURRENT, ECKey.generate_key("P-256"), at=clock.now)
    keys = SigningKeys(tmp_path, clock)
    assert (await TokenVerifier(keys.key_set).verify(keys.sign(claims()))).insured == INSURED


@pytest.mark.parametrize("spoilt", ["half written", ""])
async def test_a_key_file_that_cannot_be_read_later_stops_nothing(tmp_path, spoilt):
    key, clock = ECKey.generate_key("P-256"), Minutes()
    written(tmp_path, CURRENT, key)
    keys = SigningKeys(tmp_path, clock)
    (tmp_path / LATER).write_text(spoilt)
    clock.now += 60
    assert kid_of(keys.sign(claims())) == key.thumbprint()
    (tmp_path / LATER).unlink()
    (tmp_path / CURRENT).unlink()
    clock.now += 60
    assert kid_of(keys.sign(claims())) == key.thumbprint()


def test_without_a_key_identity_does_not_start(tmp_path):
    with pytest.raises(ValueError, match=r"There is no identity-signing-key\*\.pem"):
        SigningKeys(tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"nothing of the kind", "holds no EC key in PEM"),
        (RSAKey.generate_key(2048).as_pem(private=True), "holds no EC key in PEM"),
        (ECKey.generate_key("P-384").as_pem(private=True), "holds a key on P-384"),
        (ECKey.generate_key("P-256").as_pem(private=False), "holds a public key"),
    ],
)
def test_a_key_file_that_cannot_sign_is_named_at_the_start(tmp_path, content, sentence):
    (tmp_path / CURRENT).write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        SigningKeys(tmp_path)
