"""From an answer that is no success to the error that tells what happened and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from particle_cli.domain.cloud.errors import (
    CloudBusy,
    CloudDeviceNotFound,
    CloudError,
    CloudFailed,
    CloudNotFound,
    CloudRefused,
    CloudTokenExpired,
    CloudTokenInvalid,
    DeviceSilent,
    MfaRequired,
    NotLoggedIn,
)
from particle_cli.domain.cloud.reading import Json

_LONGEST: Final = 4000  # characters of a server's text that are passed on
_LOG_IN_AGAIN: Final = "Run `particle login` to log in again."
_TOO_OFTEN: Final = (429, 529)  # the API's documentation has the second for streams
_NEXT_STEPS: Final = {
    400: "Check what was given to the command.",
    403: "See with `particle whoami` whether you are logged in as somebody who may do this.",
    404: "Check the name or the id; `particle list` shows your devices.",
    405: "See whether `apiUrl` is the address of a Particle cloud.",
    407: "The proxy on the way wants a login: put it in the address, as HTTPS_PROXY or `proxyUrl`.",
    409: "Look at how it is now, then try again.",
    413: "It is more than the cloud takes at once: send less.",
}
_ELSE: Final = "See whether `apiUrl` is the address of a Particle cloud, then try again."
_UNKNOWN_DEVICE: Final = "I didn't recognize that device name or ID"


def not_logged_in() -> NotLoggedIn:
    """Return the error for a request that needs a token when there is none."""
    return NotLoggedIn(
        "You're not logged in. Run `particle login` to authenticate.",
        next_step="Or try things out without an account: `particle config sim`.",
    )


def complaint(document: Json) -> str | None:
    """Return what the body of a refusal says in words, whichever of the API's shapes it has, or None.

    The shapes are `{error, error_description}` (OAuth), `{ok, error}`, `{error, info}`, `{ok, errors}` with
    entries of text, of `{error}`, of `{error: {status}}` or of `[text, status]`, and `{errors: [{message}]}`.
    """
    if not isinstance(document, Mapping):
        return None
    for key in ("error_description", "error", "errors", "info", "message"):
        text = _words(document.get(key), separator="\n")
        if text:
            return text[:_LONGEST]
    return None


def _words(value: Json, *, separator: str, depth: int = 4) -> str | None:
    """Find the text in one entry of a refusal: itself, under its usual keys, or first in a pair."""
    if isinstance(value, str):
        return value.strip() or None
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        found = (
            _words(value.get(key), separator="\n", depth=depth - 1) for key in ("status", "error", "message")
        )
        return next((text for text in found if text), None)
    if isinstance(value, Sequence):
        entries = [_first_words(item, depth - 1) for item in value]
        return separator.join(text for text in entries if text) or None
    return None


def _first_words(entry: Json, depth: int) -> str | None:
    """Read an entry of `errors`; of a pair of text and status, the text."""
    if isinstance(entry, list):
        entry = next((item for item in entry if isinstance(item, str)), None)
    return _words(entry, separator="\n", depth=depth)


def refusal(
    status: int, document: Json, *, url: str, about: str | None = None, wait_s: float | None = None
) -> CloudError:
    """Return the error for an answer of that status and body.

    Args:
        status: HTTP status, not 2xx.
        document: the body as JSON, or None when it is none (a load balancer's page, nothing at all).
        url: where it came from, without secrets, for an answer that says nothing itself.
        about: what the request was about, such as `device bench`, to be named where the answer does not.
        wait_s: seconds from the header Retry-After.
    """
    said = complaint(document)
    body = document if isinstance(document, Mapping) else {}
    text = said or f"HTTP error {status} from {url}"
    if status in _TOO_OFTEN:
        return CloudBusy(text, status=status, wait_s=wait_s)
    return _about_the_token(status, body, text) or _about_the_rest(status, body, text, about)


def _about_the_token(status: int, body: Mapping[str, Json], text: str) -> CloudError | None:
    """Recognise a refusal of the token, in the order in which the API's clients test for it."""
    error = body.get("error")
    if error == "mfa_required":
        token = body.get("mfa_token")
        return MfaRequired(
            "Multi-factor authentication required.",
            mfa_token=token if isinstance(token, str) else "",
            next_step="Give the code of your authenticator app with `--otp CODE`.",
            status=status,
        )
    named = error in ("invalid_token", "expired_token")
    if not (named or status == 401 or "access token" in text.lower()):
        return None
    if complaint(dict(body)) in (None, "invalid_token", "expired_token"):
        text = "Your access token is invalid or has expired."
    plain = text.lower()
    expired = error == "expired_token" or ("expired" in plain and "invalid" not in plain)
    return (CloudTokenExpired if expired else CloudTokenInvalid)(text, next_step=_LOG_IN_AGAIN, status=status)


def _about_the_rest(status: int, body: Mapping[str, Json], text: str, about: str | None) -> CloudError:
    """Choose the class by status; name what the request was about unless the text does."""
    if about and about.rsplit(" ", 1)[-1] not in text:
        text = f"{text.rstrip('.')} ({about})"
    info = body.get("info")
    if isinstance(info, str) and _UNKNOWN_DEVICE in info:
        return CloudDeviceNotFound(
            text, next_step="Run `particle list` to see the devices of your account.", status=status
        )
    next_step = _NEXT_STEPS.get(status, _ELSE)
    if status == 404:
        return CloudNotFound(text, next_step=next_step, status=status)
    if status == 408:
        return DeviceSilent(
            text, next_step="See with `particle list` whether the device is online.", status=status
        )
    if status >= 500:
        return CloudFailed(
            text, next_step="The trouble is on the cloud's side: try again in a moment.", status=status
        )
    return CloudRefused(text, next_step=next_step, status=status)
