"""What can go wrong with a control request."""

from __future__ import annotations

from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.errors import DeviceProtected, DeviceRefused, DomainError
from particle_cli.ports.clock import TimeIsUp


class RequestFailed(DeviceRefused):
    """The device answered with an error.

    Attributes:
        result: the device's system error code, one of ResultCode or another negative number.
    """

    code = "request_failed"

    def __init__(self, doing: str, result: int, *, next_step: str | None = None) -> None:
        """Say what was asked for and what the device answered.

        Args:
            doing: e.g. `Device e00f…: GET_MODULE_INFO`.
            result: the device's answer.
            next_step: what to do, where more can be said than follows from the result.
        """
        from particle_cli.domain.control import result_texts as texts  # not needed while all goes well

        super().__init__(
            f"{doing}: {texts.result_text(result)} ({result})",
            next_step=next_step or texts.result_next_step(result),
        )
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


class RequestInvalid(DomainError):
    """What is asked for cannot be sent: no device would take it."""

    code = "request_invalid"


def refusal(doing: str, result: int, kind: int | None = None) -> RequestFailed | DeviceProtected:
    """Return the error for a result that is not 0.

    Args:
        doing: what was asked for, as for RequestFailed.
        result: what the device answered.
        kind: the request's type, which tells who would have supported it; None where that does not matter.
    """
    if result == ResultCode.PROTECTED:
        return DeviceProtected(f"{doing}: Device is protected")
    if result == ResultCode.NOT_SUPPORTED and kind is not None:
        from particle_cli.domain.control.availability import who_supports  # not needed while all goes well

        return RequestFailed(doing, result, next_step=who_supports(kind))
    return RequestFailed(doing, result)
