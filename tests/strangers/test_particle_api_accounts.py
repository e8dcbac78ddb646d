"""npm's particle-api-js with the accounts, keys and second factors of the simulated cloud."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.strangers.particle_api import OfficialClient, official_client

pytestmark = [pytest.mark.strangers, pytest.mark.usefixtures("node")]

SHE = "she@example.com"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficialClient]:
    with official_client(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture
def she(api: OfficialClient) -> Iterator[OfficialClient]:
    """Somebody new, for the time of the test."""
    assert (
        api.body("createUser", username=SHE, password="hers", accountInfo={"first_name": "She"}) is not None
    )
    told = api.body("login", username=SHE, password="hers", auth=None)
    guest = OfficialClient(api.address, api.bridge, told["access_token"])
    yield guest
    if guest.token is not None:
        assert guest.body("deleteUser", password="hers")["ok"] is True


def login_code(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), moment, hashlib.sha1)
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_an_account_from_its_beginning_to_its_end(she: OfficialClient) -> None:
    assert she.body("getUserInfo")["account_info"]["first_name"] == "She"
    assert she.body("trackingIdentity", full=True)["email"] == SHE
    assert "id" in she.body("trackingIdentity")
    she.body("setUserInfo", accountInfo={"first_name": "Her"})
    assert she.body("getUserInfo")["account_info"]["first_name"] == "Her"
    assert she.body("resetPassword", username=SHE, auth=None)["ok"] is True
    assert she.call("createUser", username=SHE, password="again", auth=None).ok is False
    assert she.call("changeUserPassword", currentPassword="wrong", password="new").ok is False
    assert she.body("changeUserPassword", currentPassword="hers", password="new")["ok"] is True
    assert she.call("login", username=SHE, password="hers", auth=None).status == 400
    assert she.body("changeUserPassword", currentPassword="new", password="hers")["ok"] is True
    she.body("changeUsername", currentPassword="hers", username="her@example.com")
    assert she.body("getUserInfo")["username"] == "her@example.com"
    she.body("changeUsername", currentPassword="hers", username=SHE)


def test_tokens_end_together(she: OfficialClient) -> None:
    other = she.body("login", username=SHE, password="hers", auth=None)["access_token"]
    assert she.body("deleteActiveAccessTokens")["ok"] is True
    assert she.call("getUserInfo", auth=other).status == 401
    assert she.call("getUserInfo").status == 401
    she.log_in(SHE, "hers")


def test_a_second_factor_of_ones_own(she: OfficialClient) -> None:
    offered = she.body("enableMfa")
    assert offered["qr_url"].startswith("otpauth://")
    assert she.call("confirmMfa", mfaToken=offered["mfa_token"], otp="000000").status == 403
    code = login_code(offered["secret"])
    assert she.body("confirmMfa", mfaToken=offered["mfa_token"], otp=code)["enrolled"] is True
    half = she.call("login", username=SHE, password="hers", auth=None)
    assert (half.status, half.body["error"]) == (403, "mfa_required")
    code = login_code(offered["secret"])
    assert she.body("sendOtp", mfaToken=half.body["mfa_token"], otp=code, auth=None)["access_token"]
    assert she.call("disableMfa", currentPassword="wrong").ok is False
    assert she.body("disableMfa", currentPassword="hers")["ok"] is True
    assert she.call("login", username=SHE, password="hers", auth=None).ok


def test_a_client_of_nobody_cannot_be_logged_in_as(api: OfficialClient) -> None:
    assert api.call("loginAsClientOwner").status in (400, 401)


def test_keys_and_numbers_of_a_device(api: OfficialClient) -> None:
    weather = next(one for one in api.body("listDevices") if one["name"] == "weather")
    number = api.body("lookupSerialNumber", serialNumber=weather["serial_number"])
    assert (number["ok"], number["deviceID"]) == (True, weather["id"])
    assert api.call("lookupSerialNumber", serialNumber="X" * 15).status == 404
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert api.body("sendPublicKey", deviceId=weather["id"], key=pem, algorithm="ecc") == "Success!"
    assert api.call("sendPublicKey", deviceId=weather["id"], key="nonsense", algorithm="ecc").ok is False
    assert api.body("updateDevice", deviceId=weather["id"], notes="on the roof")["notes"] == "on the roof"


def test_the_first_half_of_the_way_into_service_mode(api: OfficialClient) -> None:
    door = next(one for one in api.body("listDevices") if one["name"] == "door")
    prepared = api.body("unprotectDevice", deviceId=door["id"], action="prepare")
    assert len(base64.b64decode(prepared["server_nonce"])) == 32
    told = api.call(
        "unprotectDevice",
        deviceId=door["id"],
        action="confirm",
        serverNonce=prepared["server_nonce"],
        deviceNonce=base64.b64encode(bytes(32)).decode(),
        deviceSignature="AAAA",
        devicePublicKeyFingerprint=base64.b64encode(bytes(32)).decode(),
    )
    assert told.ok is False
