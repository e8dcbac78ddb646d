"""Records of what goes over a command's wires, as far as they were asked for: `--trace` and `-vv`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from particle_cli.adapters.tracing.usb_trace import UsbTrace
    from particle_cli.ports.clock import Clock
    from particle_cli.ports.http import Http
    from particle_cli.ports.person import Person
    from particle_cli.ports.serial import Serial
    from particle_cli.ports.usb import Usb

SERIAL_VERBOSITY: Final = 3
"""From which on what goes over serial ports is told."""
HTTP_VERBOSITY: Final = 4
"""From which on exchanges with servers are told."""


class Traces:
    """What is recorded of each wire: USB transfers in a file, serial and HTTP traffic as text."""

    def __init__(self, person: Person, *, verbosity: int, usb: UsbTrace | None) -> None:
        """Keep where the records go.

        Args:
            person: whom the text is told.
            verbosity: how much is told, 1 as a rule.
            usb: takes the USB transfers, or None.
        """
        self._person = person
        self._verbosity = verbosity
        self._usb = usb

    @classmethod
    @contextmanager
    def begun(cls, person: Person, *, verbosity: int, path: str | None) -> Iterator[Self]:
        """Record while the body runs; say at its end if not all could be.

        Args:
            person: whom the text is told.
            verbosity: how much is told.
            path: file for the USB transfers, or None.

        Raises: UsageError, FileError; nothing has been done then.
        """
        if path is None:
            yield cls(person, verbosity=verbosity, usb=None)
            return
        if path in ("", "-"):
            raise UsageError("--trace needs the name of a file.", next_step="Pass --trace usb.pcapng.")
        from particle_cli import __version__
        from particle_cli.adapters.disk import Disk
        from particle_cli.adapters.tracing.usb_trace import begin_trace

        trace = begin_trace(Disk(), path, program=f"particle-cli {__version__}")
        try:
            yield cls(person, verbosity=verbosity, usb=trace)
        finally:
            trace.close()
            if trace.failure:
                person.warn(f"The trace ends before the work does. {trace.failure.message}")

    def usb(self, wire: Usb, clock: Clock) -> Usb:
        """Return the USB wire, recorded or as it is."""
        if self._usb is None:
            return wire
        from particle_cli.adapters.tracing.traced_usb import TracedUsb

        return TracedUsb(wire, self._usb, clock)

    def serial(self, wire: Serial) -> Serial:
        """Return the serial ports, recorded or as they are."""
        if self._verbosity < SERIAL_VERBOSITY:
            return wire
        from particle_cli.adapters.tracing.traced_serial import TracedSerial

        return TracedSerial(wire, self._person.note)

    def http(self, wire: Http, clock: Clock) -> Http:
        """Return the way to servers, recorded or as it is."""
        if self._verbosity < HTTP_VERBOSITY:
            return wire
        from particle_cli.adapters.tracing.traced_http import TracedHttp

        return TracedHttp(wire, clock, self._person.note)
