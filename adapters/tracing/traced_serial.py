"""The serial port with a trace as text: what goes in and out, line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from particle_cli.adapters.tracing.text import REDACTED, visible_bytes
from particle_cli.ports.serial import Serial, SerialLine, SerialPort, SerialTimeout

_IN: Final = "Serial In <-"
_OUT: Final = "Serial Out ->"


class TracedSerial:
    """Serial ports whose traffic is told.

    A line is told once it is whole; the beginning of one when the other side speaks, when nothing more comes
    in the time allowed, and when the port is closed.
    """

    def __init__(self, inner: Serial, tell: Callable[[str], None]) -> None:
        """Wrap the ports of a machine.

        Args:
            inner: the ports.
            tell: takes each line of the trace.
        """
        self._inner = inner
        self._tell = tell
        self._open: list[str] = []

    async def ports(self) -> tuple[SerialPort, ...]:
        """Return the ports there are now."""
        return await self._inner.ports()

    async def open(self, path: str, *, baud_rate: int) -> TracedLine:
        """Open a port."""
        inner = await self._inner.open(path, baud_rate=baud_rate)
        self._open.append(path)
        self._tell(f"Serial Open {path} at {baud_rate} baud")
        return TracedLine(self, inner, path)

    def tell(self, path: str, arrow: str, text: str) -> None:
        """Tell what went over a port; which one it was where several are open."""
        which = f"[{path}] " if len(self._open) > 1 else ""
        self._tell(f"{arrow} {which}{text}")

    def closed(self, path: str) -> None:
        """Tell that a port was closed."""
        self._open.remove(path)
        self._tell(f"Serial Close {path}")


class TracedLine:
    """One open port whose traffic is told."""

    def __init__(self, ports: TracedSerial, inner: SerialLine, path: str) -> None:
        """Wrap an open port."""
        self._ports = ports
        self._inner = inner
        self._path = path
        self._arrow = _IN
        self._begun = ""
        self._closed = False

    async def read(self, most: int, *, timeout_ms: int, secret: bool = False) -> bytes:
        """Return 1 to `most` bytes."""
        try:
            data = await self._inner.read(most, timeout_ms=timeout_ms, secret=secret)
        except SerialTimeout:
            self._tell_begun()
            raise
        self._note(_IN, data, secret)
        return data

    async def write(self, data: bytes, *, secret: bool = False) -> None:
        """Send all the bytes."""
        self._note(_OUT, data, secret)
        await self._inner.write(data, secret=secret)

    async def close(self) -> None:
        """Close the port."""
        await self._inner.close()
        if not self._closed:
            self._closed = True
            self._tell_begun()
            self._ports.closed(self._path)

    def _note(self, arrow: str, data: bytes, secret: bool) -> None:
        if arrow != self._arrow:
            self._tell_begun()
            self._arrow = arrow
        if secret:
            if data and not self._begun.endswith(REDACTED):  # once, lest it told the length
                self._begun += REDACTED
            return
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._begun += visible_bytes(line + b"\n")
            self._tell_begun()
        self._begun += visible_bytes(rest)

    def _tell_begun(self) -> None:
        begun, self._begun = self._begun, ""
        if begun:
            self._ports.tell(self._path, self._arrow, begun)
