"""A traced serial port: every line, in both directions, visible; secrets without their length."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.adapters.tracing.text import visible_bytes
from particle_cli.adapters.tracing.traced_serial import TracedLine, TracedSerial
from particle_cli.ports.serial import SerialGone, SerialLine, SerialPort, SerialTimeout

PORT = "/dev/ttyACM0"


class ScriptedLine:
    """A port that gives these pieces, a time-out for each None, and then is gone."""

    def __init__(self, pieces: Sequence[bytes | None]) -> None:
        self.pieces = list(pieces)
        self.written: list[bytes] = []
        self.closed = 0

    async def read(self, most: int, *, timeout_ms: int, secret: bool = False) -> bytes:
        if not self.pieces:
            raise SerialGone("gone")
        piece = self.pieces.pop(0)
        if piece is None:
            raise SerialTimeout("nothing came")
        return piece[:most]

    async def write(self, data: bytes, *, secret: bool = False) -> None:
        self.written.append(data)

    async def close(self) -> None:
        self.closed += 1


class ScriptedPorts:
    """One machine with such ports."""

    def __init__(self, *pieces: bytes | None) -> None:
        self.line = ScriptedLine(pieces)

    async def ports(self) -> tuple[SerialPort, ...]:
        return (SerialPort(PORT, 0x2B04, 0xC00D, None),)

    async def open(self, path: str, *, baud_rate: int) -> SerialLine:
        if path != PORT:
            raise SerialGone(f"{path}: there is no such port.")
        return self.line


async def opened(*pieces: bytes | None) -> tuple[TracedLine, list[str], ScriptedLine]:
    told: list[str] = []
    ports = ScriptedPorts(*pieces)
    line = await TracedSerial(ports, told.append).open(PORT, baud_rate=9600)
    return line, told, ports.line


async def test_a_conversation_line_by_line() -> None:
    line, told, inner = await opened(b"Your dev", b"ice id is 3100\r\nand", b" more\x00")
    await line.write(b"i")
    for _ in range(3):
        await line.read(64, timeout_ms=100)
    await line.write(b"x")
    await line.close()
    await line.close()
    assert told == [
        "Serial Open /dev/ttyACM0 at 9600 baud",
        "Serial Out -> i",
        r"Serial In <- Your device id is 3100\r\n",
        r"Serial In <- and more\x00",
        "Serial Out -> x",
        "Serial Close /dev/ttyACM0",
    ]
    assert inner.written == [b"i", b"x"]


async def test_what_is_left_is_told_when_nothing_more_comes() -> None:
    line, told, _ = await opened(b"SSID: ", None, None)
    await line.read(64, timeout_ms=100)
    for _ in range(2):
        with pytest.raises(SerialTimeout):
            await line.read(64, timeout_ms=100)
    assert told[1:] == ["Serial In <- SSID: "]
    with pytest.raises(SerialGone):
        await line.read(64, timeout_ms=100)


async def test_secrets_are_told_once_whatever_their_length() -> None:
    line, told, inner = await opened(b"Password: ", b"h", b"u", b"sh", b"\r\n")
    await line.read(64, timeout_ms=100)
    await line.write(b"hush", secret=True)
    await line.write(b"\r")
    for secret in (True, True, True, False):  # the device echoes
        await line.read(64, timeout_ms=100, secret=secret)
    await line.close()
    assert told[1:-1] == [
        "Serial In <- Password: ",
        r"Serial Out -> <redacted>\r",
        r"Serial In <- <redacted>\r\n",
    ]
    assert inner.written == [b"hush", b"\r"]


async def test_of_several_ports_each_line_names_its_own() -> None:
    told: list[str] = []
    serial = TracedSerial(ScriptedPorts(b"one\n", b"two\n", b"three\n"), told.append)
    first = await serial.open(PORT, baud_rate=9600)
    await first.read(9, timeout_ms=1)
    second = await serial.open(PORT, baud_rate=28800)
    await second.read(9, timeout_ms=1)
    await second.close()
    await first.read(9, timeout_ms=1)
    assert told[1::2] == [r"Serial In <- one\n", rf"Serial In <- [{PORT}] two\n", r"Serial In <- three\n"]
    assert await serial.ports() == (SerialPort(PORT, 0x2B04, 0xC00D, None),)
    with pytest.raises(SerialGone):
        await serial.open("COM9", baud_rate=9600)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"\x1b[31m", r"\x1b[31m"),
        ("Grüße ☃".encode(), "Grüße ☃"),
        (b"\xff\xfe\xe2\x98", r"\xff\xfe\xe2\x98"),
        (rb"C:\n", r"C:\\n"),
        (b"\t\r\n\x7f", r"\t\r\n\x7f"),
        ("\u202eevil\u0085".encode(), r"\u202eevil\x85"),
    ],
)
def test_bytes_are_made_visible(data: bytes, text: str) -> None:
    assert visible_bytes(data) == text


@given(st.binary(max_size=60))
def test_what_is_visible_moves_no_cursor_and_keeps_to_its_line(data: bytes) -> None:
    text = visible_bytes(data)
    assert len(text.splitlines()) <= 1
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in text)
    text.encode()  # no half characters
