"""The serial wire: ports of the machine, and bytes through one of them."""

from __future__ import annotations

from typing import Protocol

from attrs import frozen

from particle_cli.ports.errors import WireError


class SerialError(WireError):
    """A serial port could not be used."""

    code = "serial"


class SerialGone(SerialError):
    """The port disappeared, usually because its device was unplugged or reset."""

    code = "serial_gone"


class SerialBusy(SerialError):
    """Another program has the port open."""

    code = "serial_busy"


class SerialAccessDenied(SerialError):
    """The system does not let this user open the port."""

    code = "serial_access_denied"


class SerialTimeout(SerialError):
    """Nothing came in the time given."""

    code = "serial_timeout"


@frozen
class SerialPort:
    r"""A serial port of the machine.

    Attributes:
        path: its name, e.g. `/dev/ttyACM0` or `COM3`.
        vendor_id, product_id: USB ids, or None for a port that is not on USB.
        serial: USB serial number, or None.
        manufacturer: USB manufacturer string, or None.
        hardware_id: how else the system tells what is behind the port, in a form of its own (on Windows the
            device instance, `USB\VID_2B04&PID_C006\…`), or None.
    """

    path: str
    vendor_id: int | None
    product_id: int | None
    serial: str | None
    manufacturer: str | None = None
    hardware_id: str | None = None


class SerialLine(Protocol):
    """One open port, 8 data bits, no parity, 1 stop bit."""

    async def read(self, most: int, *, timeout_ms: int, secret: bool = False) -> bytes:
        """Return 1 to `most` bytes; `secret` marks them for those who keep records (as `write` does).

        Raises: SerialTimeout, SerialGone.
        """
        ...

    async def write(self, data: bytes, *, secret: bool = False) -> None:
        """Send all the bytes. Raises SerialGone; SerialTimeout when the device takes nothing for long.

        Args:
            data: the bytes.
            secret: whether they hold a password or key: whoever keeps a record writes zeros in their place.
        """
        ...

    async def close(self) -> None:
        """Close the port; never raises, may be called twice."""
        ...


class Serial(Protocol):
    """The serial ports of a machine, or of a simulated world."""

    async def ports(self) -> tuple[SerialPort, ...]:
        """Return the ports there are now, sorted by path."""
        ...

    async def open(self, path: str, *, baud_rate: int) -> SerialLine:
        """Open a port for this program alone.

        Raises: SerialGone (no such port), SerialBusy, SerialAccessDenied.
        """
        ...
