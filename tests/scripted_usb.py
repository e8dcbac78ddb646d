"""A USB device that is a script: exactly these control transfers, in this order, and at these times.

One line a transfer, setup packet first, all in hexadecimal digits with blanks where one likes:

    21 01 02 00 00 00 04 00 > 01020304      the host sends four bytes
    a1 03 00 00 00 00 06 00 < 000000000500  the device answers with six
    21 06 00 00 00 00 00 00                 no data
    @150 c0 05 0000 0000 4000 ! timeout     150 ms after the first transfer; also stall, gone
    40 03 0000 0100 0200 > abcd ! timeout   sent, and not answered

Text after `#`, and empty lines, are for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import (
    AttachedDevice,
    Setup,
    UsbError,
    UsbGone,
    UsbStall,
    UsbTimeout,
)

FAULTS: Final[Mapping[str, type[UsbError]]] = {"stall": UsbStall, "timeout": UsbTimeout, "gone": UsbGone}
BORON_DFU: Final = AttachedDevice(0x2B04, 0xD00D, "e00fce68aaaaaaaaaaaaaaaa", "1-1", 7)

_LINE: Final = re.compile(
    r"(?:@(?P<at>\d+)\s+)?(?P<setup>[0-9a-f\s]+)"
    r"(?:>(?P<sent>[0-9a-f\s]*))?(?:<(?P<reply>[0-9a-f\s]*))?(?:!\s*(?P<fault>\w+))?"
)


@frozen
class Exchange:
    """One control transfer of a script; `at_ms` is None where its time does not matter."""

    at_ms: int | None
    setup: bytes
    sent: bytes = b""
    reply: bytes = b""
    fault: type[UsbError] | None = None


def parse_script(text: str) -> list[Exchange]:
    """Return the transfers of a script."""
    exchanges = []
    for line in text.splitlines():
        plain = line.split("#")[0].strip()
        if not plain:
            continue
        match = _LINE.fullmatch(plain)
        assert match, f"not a line of a script: {line!r}"
        setup = bytes.fromhex(match["setup"])
        assert len(setup) == 8, f"not a setup packet: {line!r}"
        exchanges.append(
            Exchange(
                int(match["at"]) if match["at"] else None,
                setup,
                bytes.fromhex(match["sent"] or ""),
                bytes.fromhex(match["reply"] or ""),
                FAULTS[match["fault"]] if match["fault"] else None,
            )
        )
    return exchanges


class ScriptedHandle:
    """An open device that plays a script; anything else that the host does fails the test."""

    def __init__(self, clock: Clock, *scripts: str, device: AttachedDevice = BORON_DFU) -> None:
        self._clock = clock
        self._script = [exchange for text in scripts for exchange in parse_script(text)]
        self._begin_s: float | None = None
        self.played = 0
        self.setups: list[Setup] = []
        self.claimed: list[int] = []
        self.closed = False
        self._device = device

    @property
    def device(self) -> AttachedDevice:
        return self._device

    def append(self, script: str) -> None:
        """Go on with another script."""
        self._script += parse_script(script)

    def assert_finished(self) -> None:
        """The host has done all that the script says."""
        left = self._script[self.played :]
        assert not left, f"the host stopped before {left[0]}"

    def _play(self, setup: Setup, data: bytes) -> bytes:
        packet = setup.pack()
        assert self.played < len(self._script), f"beyond the script: {packet.hex(' ')} > {data.hex()}"
        expected = self._script[self.played]
        where = f"transfer {self.played}"
        self.played += 1
        self.setups.append(setup)
        assert packet.hex(" ") == expected.setup.hex(" "), where
        assert data == expected.sent, where
        if self._begin_s is None:
            self._begin_s = self._clock.monotonic()
        if expected.at_ms is not None:
            passed = (self._clock.monotonic() - self._begin_s) * 1000
            assert passed == expected.at_ms or abs(passed - expected.at_ms) < 0.001, where
        if expected.fault:
            raise expected.fault(f"{where}: {expected.fault.code}")
        return expected.reply

    async def control_in(self, setup: Setup, *, timeout_ms: int) -> bytes:
        assert setup.request_type & 0x80
        reply = self._play(setup, b"")
        assert len(reply) <= setup.length
        return reply

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        assert not setup.request_type & 0x80
        assert setup.length == len(data)
        self._play(setup, bytes(data))

    async def bulk_read(self, endpoint: int, length: int, *, timeout_ms: int) -> bytes:
        raise AssertionError("no bulk transfers here")

    async def bulk_write(self, endpoint: int, data: bytes | memoryview, *, timeout_ms: int) -> int:
        raise AssertionError("no bulk transfers here")

    async def claim(self, interface: int) -> None:
        self.claimed.append(interface)

    async def release(self, interface: int) -> None:
        self.claimed.remove(interface)

    async def set_alternate(self, interface: int, alternate: int) -> None:
        self._play(Setup(0x01, 0x0B, alternate, interface), b"")

    async def descriptor(self, kind: int, index: int = 0, *, length: int = 255, language: int = 0) -> bytes:
        return self._play(Setup(0x80, 0x06, kind << 8 | index, language, length), b"")

    async def string(self, index: int) -> str:
        """Read the length, then the whole."""
        head = await self.descriptor(3, index, length=1, language=0x0409)
        whole = await self.descriptor(3, index, length=head[0], language=0x0409)
        return whole[2 : whole[0]].decode("utf-16-le")

    async def close(self) -> None:
        self.closed = True


def string_descriptor(text: str) -> bytes:
    """Return the bytes of a string descriptor."""
    content = text.encode("utf-16-le")
    return bytes((len(content) + 2, 3)) + content


def string_exchange(index: int, text: str) -> str:
    """Return the script of reading a string descriptor as `ScriptedHandle.string` does."""
    whole = string_descriptor(text)
    return (
        f"8006 {index:02x}03 0904 0100 < {whole[:1].hex()}\n"
        f"8006 {index:02x}03 0904 {len(whole).to_bytes(2, 'little').hex()} < {whole.hex()}\n"
    )
