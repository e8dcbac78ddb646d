"""What can go wrong on a serial port."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.errors import DeviceRefused, DomainError, ProtocolError
from particle_cli.ports.clock import TimeIsUp

LISTENING: Final = (
    "Put the device in listening mode (particle usb start-listening, or hold MODE or SETUP until it blinks "
    "dark blue) and try again."
)
RESET: Final = "Reset the device (particle usb reset), put it in listening mode again, and try again."


class NoSerialPort(DomainError):
    """There is no serial port to work with."""

    code = "no_serial_port"


class ConsoleSilent(TimeIsUp):
    """The console of listening mode does not answer."""

    code = "console_silent"


class ConsoleGarbled(ProtocolError):
    """What came is not what the console says."""

    code = "console_garbled"


class ConsoleRefused(DeviceRefused):
    """The console understood, and said no."""

    code = "console_refused"


class PortClosedEarly(DomainError):
    """The port went away before all was said."""

    code = "serial_closed_early"


class AnswerMissing(DomainError):
    """The device asks for something that was not given."""

    code = "wifi_answer_missing"


class CredentialsInvalid(DomainError):
    """Wi-Fi credentials that cannot be right."""

    code = "wifi_credentials"
