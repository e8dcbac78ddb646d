"""Refusals: every shape that the API has becomes the error that tells what to do."""

from __future__ import annotations

import pytest
from tests.domain.cloud.scripted import BASE, TOKEN, Answer, answered, client_over, texts

from particle_cli.domain.cloud.devices import call_function, get_device, get_variable
from particle_cli.domain.cloud.errors import (
    CloudBusy,
    CloudDeviceNotFound,
    CloudError,
    CloudFailed,
    CloudNotFound,
    CloudRefused,
    CloudTokenExpired,
    CloudTokenInvalid,
    CloudUnreachable,
    DeviceSilent,
    MfaRequired,
)
from particle_cli.domain.cloud.requests import CloudRequest, Secret
from particle_cli.ports.http import HttpError, HttpNoRoute, HttpTimeout, HttpTlsError

WHOAMI = CloudRequest("GET", ("v1", "user"))
NOT_MINE = {
    "error": "Permission Denied",
    "info": "I didn't recognize that device name or ID, try opening "
    "https://api.particle.io/v1/devices?access_token=undefined",
}


async def refusal_of(answer: Answer, request: CloudRequest = WHOAMI) -> CloudError:
    client, _ = client_over(answer)
    with pytest.raises(CloudError) as caught:
        await client.send(request)
    return caught.value


# Refusals


def oauth(error: str, text: str = "") -> dict[str, str]:
    return {"error": error} | ({"error_description": text} if text else {})


NO_TOKEN = "The access token was not found"
INVALID = "The access token provided is invalid."
EXPIRED = "The access token provided has expired."
EITHER = "Your access token is invalid or has expired."
WRONG = "User credentials are invalid"
OFFLINE = "Core isn't online"
THREE = [{"error": {"status": "S"}}, {"error": "E"}, "T"]
BARE = f"from {BASE}/v1/user"


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (400, oauth("invalid_request", NO_TOKEN), CloudTokenInvalid, NO_TOKEN),
        (401, oauth("invalid_token", INVALID), CloudTokenInvalid, INVALID),
        (401, oauth("invalid_token", EXPIRED), CloudTokenExpired, EXPIRED),
        (401, oauth("invalid_token"), CloudTokenInvalid, EITHER),
        (400, oauth("expired_token"), CloudTokenExpired, EITHER),
        (401, b"", CloudTokenInvalid, EITHER),
        (403, oauth("mfa_required", "x"), MfaRequired, "Multi-factor authentication required."),
        (400, oauth("invalid_grant", WRONG), CloudRefused, WRONG),
        (400, {"ok": False, "error": "prefix is required"}, CloudRefused, "prefix is required"),
        (403, NOT_MINE, CloudDeviceNotFound, "Permission Denied"),
        (404, {"ok": False, "errors": [[OFFLINE, 404]]}, CloudNotFound, OFFLINE),
        (403, {"ok": False, "errors": ["Not yours."]}, CloudRefused, "Not yours."),
        (400, {"errors": [{"message": "Not valid."}]}, CloudRefused, "Not valid."),
        (500, {"ok": False, "code": 500, "errors": THREE}, CloudFailed, "S\nE\nT"),
        (403, {"info": "x"}, CloudRefused, "x"),
        (408, {"error": "Timed out."}, DeviceSilent, "Timed out."),
        (404, {}, CloudNotFound, f"HTTP error 404 {BARE}"),
        (429, b"<html>slow down</html>", CloudBusy, f"HTTP error 429 {BARE}"),
        (502, b"<html>bad gateway</html>", CloudFailed, f"HTTP error 502 {BARE}"),
    ],
)
async def test_every_shape_of_refusal_becomes_its_error(
    status: int, body: object, kind: type[CloudError], message: str
) -> None:
    error = await refusal_of(answered(body, status))
    assert type(error) is kind
    assert error.message == message
    assert error.status == status
    assert error.next_step


async def test_an_error_names_the_device_that_the_answer_does_not() -> None:
    client, _ = client_over(answered(NOT_MINE, 403))
    with pytest.raises(CloudDeviceNotFound, match=r"Permission Denied \(device bench\)") as caught:
        await get_device(client, "bench")
    assert "particle list" in (caught.value.next_step or "")


async def test_a_missing_function_or_variable_is_told_as_such() -> None:
    client, _ = client_over(answered({"ok": False, "error": "Function nope not found"}, 404))
    with pytest.raises(CloudNotFound, match="Function call failed: Function `nope` not found"):
        await call_function(client, "bench", "nope")
    client, _ = client_over(answered({"ok": False, "error": "Unknown Variable: nope"}, 404))
    with pytest.raises(CloudNotFound, match="Unknown Variable: nope"):
        await get_variable(client, "bench", "nope")
    client, _ = client_over(answered({"ok": False, "error": "Product not found."}, 404))
    with pytest.raises(CloudNotFound, match="Product not found"):
        await call_function(client, "d", "f", product="p")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            HttpNoRoute("the name api.test is not known"),
            "Network error from https://api.test/v1/user: the name",
        ),
        (
            HttpTlsError("the certificate has expired"),
            "Network error from https://api.test/v1/user: the cert",
        ),
        (HttpTimeout("late"), "Network error from https://api.test/v1/user: no answer within 60 s"),
        (HttpError("cut"), "Network error from https://api.test/v1/user: cut"),
    ],
)
async def test_a_wire_that_fails_is_a_network_error(fault: HttpError, said: str) -> None:
    error = await refusal_of(fault)
    assert isinstance(error, CloudUnreachable)
    assert error.message.startswith(said)
    assert error.next_step


async def test_no_error_shows_the_token_whoever_repeats_it() -> None:
    told: list[Answer] = [
        answered({"error": "invalid_token", "error_description": f"The token {TOKEN} is invalid"}, 401),
        answered({"ok": False, "error": f"no {TOKEN}"}, 400),
        answered({"errors": [f"no {TOKEN}"]}, 500),
        answered(TOKEN.encode(), 502),
        HttpNoRoute(f"cannot reach x?access_token={TOKEN}"),
        HttpTimeout(f"{TOKEN}"),
    ]
    errors = [await refusal_of(answer) for answer in told]
    revoked = CloudRequest("DELETE", ("v1", "access_tokens", Secret("abad1dea" * 5)), with_token=False)
    errors.append(await refusal_of(HttpNoRoute("down"), revoked))
    assert "access_tokens/<redacted>" in errors[-1].message
    own = CloudRequest("DELETE", ("v1", "access_tokens", TOKEN))
    errors.append(await refusal_of(answered(b"", 500), own))
    assert TOKEN not in texts(errors)
    assert "abad1dea" not in texts(errors)
