"""What can go wrong with a control request."""

from __future__ import annotations

from particle_cli.domain.control.result_codes import ResultCode, result_next_step, result_text
from particle_cli.domain.errors import DeviceProtected, DeviceRefused, DomainError
from particle_cli.ports.clock import TimeIsUp


class RequestFailed(DeviceRefused):
    """The device answered with an error.

    Attributes:
        result: the device's system error code, one of ResultCode or another negative number.
    """

    code = "request_failed"

    def __init__(self, doing: str, result: int) -> None:
        """Say what was asked for, e.g. `Device e00f…: GET_MODULE_INFO`, and what the device answered."""
        super().__init__(f"{doing}: {result_text(result)} ({result})", next_step=result_next_step(result))
        self.result = result


class RequestTimeout(TimeIsUp):
    """The device did not come to an end with a request in the time given; the request was taken back."""

    code = "request_timeout"


class RequestDropped(DomainError):
    """The device knows nothing of a request any more; whether it was carried out is not known."""

    code = "request_dropped"


class RequestTooLarge(DomainError):
    """More bytes than a request can carry."""

    code = "request_too_large"


def refusal(doing: str, result: int) -> RequestFailed | DeviceProtected:
    """Return the error for a result that is not 0."""
    if result == ResultCode.PROTECTED:
        return DeviceProtected(f"{doing}: {result_text(result)}")
    return RequestFailed(doing, result)
