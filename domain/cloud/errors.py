"""What can go wrong with the cloud, by what can be done about it."""

from __future__ import annotations

from typing import ClassVar

from particle_cli.domain.errors import DeviceRefused, DomainError, ProtocolError


class CloudError(DomainError):
    """The cloud, or the way to it, failed.

    Attributes:
        status: the HTTP status of the answer, or None when there was none.
        otherwise: the next step where none is named that fits the case better.
    """

    code = "cloud"
    otherwise: ClassVar[str] = "Try again in a moment."

    def __init__(self, message: str, *, next_step: str | None = None, status: int | None = None) -> None:
        """Keep the message, the next step and the status."""
        super().__init__(message, next_step=next_step or self.otherwise)
        self.status = status


class CloudAddressRefused(CloudError):
    """The address is none that a request, or a token, may be sent to."""

    code = "cloud_address"
    otherwise = "Set `apiUrl` to the address of a Particle cloud."


class CloudUnreachable(CloudError):
    """No answer came from the cloud: no network, no such host, no trust, or no time left."""

    code = "cloud_unreachable"
    otherwise = "Check the network, the proxy settings and `apiUrl`."


class CloudAnswerUnreadable(CloudError, ProtocolError):
    """The cloud answered with something that is not what its interface promises."""

    code = "cloud_answer"
    otherwise = "See whether `apiUrl` is the address of a Particle cloud, then try again."


class CloudFailed(CloudError):
    """The cloud has trouble of its own (HTTP 5xx); the same request may work later."""

    code = "cloud_failed"


class CloudRefused(CloudError, DeviceRefused):
    """The cloud understood, and said no."""

    code = "cloud_refused"
    otherwise = "Check what was given to the command, then try again."


class NotLoggedIn(CloudRefused):
    """There is no access token to send."""

    code = "not_logged_in"


class CloudTokenInvalid(CloudRefused):
    """The access token that was sent is unknown, expired or revoked; it is worth nothing any more."""

    code = "token_invalid"


class CloudTokenExpired(CloudTokenInvalid):
    """The access token that was sent was good once; its time is over."""

    code = "token_expired"


class MfaRequired(CloudRefused):
    """The account asks for a login code besides the password.

    Attributes:
        mfa_token: hands the login over to its second step; a secret.
    """

    code = "mfa_required"

    def __init__(self, message: str, *, mfa_token: str, next_step: str | None, status: int) -> None:
        """Keep the token that the second step needs."""
        super().__init__(message, next_step=next_step, status=status)
        self.mfa_token = mfa_token


class CloudBusy(CloudRefused):
    """Too many requests in too short a time (HTTP 429, of streams 529).

    Attributes:
        wait_s: seconds after which the cloud wants to be asked again, or None where it did not say.
    """

    code = "cloud_busy"

    def __init__(self, message: str, *, wait_s: float | None, status: int = 429) -> None:
        """Keep the time to wait; the next step tells it."""
        when = "in a few minutes" if wait_s is None else f"in {wait_s:.0f} seconds"
        super().__init__(message, next_step=f"Try again {when}.", status=status)
        self.wait_s = wait_s


class CloudNotFound(CloudRefused):
    """The cloud knows nothing of that name or id."""

    code = "cloud_not_found"


class CloudDeviceNotFound(CloudNotFound):
    """No device of that name or id belongs to the account."""

    code = "cloud_device_not_found"


class TargetUnknown(CloudNotFound):
    """There is no such release of Device OS for the platform."""

    code = "target_unknown"


class FunctionNotFound(CloudNotFound):
    """The device offers no function of that name."""

    code = "function_not_found"


class VariableNotFound(CloudNotFound):
    """The device offers no variable of that name."""

    code = "variable_not_found"


class DeviceSilent(CloudRefused):
    """The cloud could not reach the device, or the device did not answer it in time (HTTP 408)."""

    code = "device_silent"


class CompileFailed(CloudRefused):
    """The compiler found errors in the sources.

    Attributes:
        output: what the compiler printed, lines of `file:line:col: error: text`.
    """

    code = "compile_failed"
    otherwise = "Correct the sources where the compiler says, then compile them again."

    def __init__(self, message: str, *, output: str, status: int | None = None) -> None:
        """Put the compiler's own words below the message."""
        text = output.strip("\n")
        super().__init__(f"{message}\n{text}" if text else message, status=status)
        self.output = output
