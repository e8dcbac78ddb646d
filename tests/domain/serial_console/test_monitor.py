"""Following a device over resets and renumbered ports, and finding text in what it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.serial_console.scripted_line import ScriptedLine, transcript

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.serial_console.discovery import DevicePort
from particle_cli.domain.serial_console.monitor import Monitor, same_device, wait_for_port
from particle_cli.domain.serial_console.received_text import Line, Lines, Stamped, TextDecoder, Until
from particle_cli.domain.serial_console.special_rates import SpecialRate, touch
from particle_cli.ports.errors import UsageError
from particle_cli.ports.serial import (
    SerialAccessDenied,
    SerialBusy,
    SerialError,
    SerialGone,
    SerialLine,
    SerialPort,
)

RED, BLUE = "e00fce68aaaaaaaaaaaaaaaa", "e00fce68bbbbbbbbbbbbbbbb"


def boron(number: int, device_id: str | None) -> SerialPort:
    return SerialPort(f"/dev/ttyACM{number}", 0x2B04, 0xC00D, device_id, "Particle")


class ScriptedPorts:
    """Serial ports that are listed and opened as a script has it; the last listing stays.

    Attributes:
        opened: (path, baud rate) of every attempt.
    """

    def __init__(
        self, listings: Sequence[Sequence[SerialPort]], openings: Sequence[SerialLine | SerialError]
    ) -> None:
        self._listings = list(listings)
        self._openings = list(openings)
        self.opened: list[tuple[str, int]] = []

    async def ports(self) -> tuple[SerialPort, ...]:
        return tuple(self._listings.pop(0) if len(self._listings) > 1 else self._listings[0])

    async def open(self, path: str, *, baud_rate: int) -> SerialLine:
        self.opened.append((path, baud_rate))
        opened = self._openings.pop(0)
        if isinstance(opened, SerialError):
            raise opened
        return opened


def leaving(*turns: str) -> ScriptedLine:
    return ScriptedLine([*transcript(*turns), ("gone", b"")])


HERE = DevicePort("/dev/ttyACM0", "Boron", RED, 13)


@pytest.mark.parametrize(
    ("found", "path"),
    [
        ([HERE], "/dev/ttyACM0"),
        (
            [DevicePort("/dev/ttyACM0", "Boron", BLUE), DevicePort("/dev/ttyACM4", "Boron", RED)],
            "/dev/ttyACM4",
        ),
        ([DevicePort("/dev/ttyACM0", "Boron", BLUE)], None),
        ([DevicePort("/dev/ttyACM0")], "/dev/ttyACM0"),  # the system does not tell whose it is
        ([DevicePort("/dev/ttyACM1")], None),
        ([DevicePort("/dev/ttyACM1", "", RED.upper())], "/dev/ttyACM1"),
        ([], None),
    ],
)
def test_a_device_is_found_again_by_its_id(found: list[DevicePort], path: str | None) -> None:
    again = same_device(HERE)(found)
    assert (again and again.path) == path


def test_a_port_of_which_only_the_name_is_known_is_tried_again() -> None:
    nameless = DevicePort("/dev/ttyUSB0")
    assert same_device(nameless)([HERE]) == nameless
    assert same_device(nameless)([DevicePort("/dev/ttyUSB0", "Core")]) == DevicePort("/dev/ttyUSB0", "Core")


async def test_a_device_is_followed_over_a_reset_to_another_port() -> None:
    busy, denied = SerialBusy("busy"), SerialAccessDenied("denied")
    ports = ScriptedPorts(
        [[boron(0, BLUE)], [boron(0, BLUE)], [boron(0, BLUE), boron(7, RED)]],
        [leaving("D one"), denied, SerialGone("gone"), denied, busy, leaving("D two")],
    )
    clock = LoopClock()
    monitor = Monitor(ports, clock, HERE)
    await monitor.open()
    assert [await monitor.read(), await monitor.read(), await monitor.read()] == [b"one", None, None]
    refused: list[SerialError] = []
    await monitor.reopen(refused.append)
    assert refused == [denied, busy]
    assert monitor.port.path == "/dev/ttyACM7"
    assert await monitor.read() == b"two"
    assert [path for path, _ in ports.opened] == ["/dev/ttyACM0", *["/dev/ttyACM7"] * 5]
    assert 1.5 < clock.monotonic() < 3


async def test_what_is_typed_goes_to_the_device_while_it_is_there() -> None:
    line = leaving("D hello", "H i\n")
    monitor = Monitor(ScriptedPorts([[]], [line]), LoopClock(), HERE, secret=True)
    assert not await monitor.send(b"early")
    await monitor.open()
    assert await monitor.read() == b"hello"
    assert await monitor.send(b"i\n")
    assert not await monitor.send(b"late")
    assert (line.secret_written, line.plain_read) == (b"i\n", b"")
    await monitor.close()
    await monitor.close()


async def test_silence_is_told() -> None:
    monitor = Monitor(ScriptedPorts([[]], [ScriptedLine([])]), LoopClock(), HERE)
    await monitor.open()
    assert await monitor.read() == b""


async def test_a_port_is_waited_for() -> None:
    ports = ScriptedPorts([[], [], [boron(3, RED)]], [])
    clock = LoopClock()
    found = await wait_for_port(ports, clock, lambda there: there[0] if there else None)
    assert (found.path, clock.monotonic()) == ("/dev/ttyACM3", 0.5)


@pytest.mark.parametrize("rate", SpecialRate)
async def test_a_touch_is_opening_at_a_special_rate(rate: SpecialRate) -> None:
    ports = ScriptedPorts([[]], [ScriptedLine([])])
    clock = LoopClock()
    await touch(ports, clock, "/dev/ttyACM0", rate)
    assert ports.opened == [("/dev/ttyACM0", {"DFU": 14400, "LISTEN": 28800}[rate.name])]
    assert clock.monotonic() >= 1


# -- text ------------------------------------------------------------------------------------------------


@given(st.binary(max_size=60), st.integers(1, 7))
def test_decoding_in_pieces_is_decoding_the_whole(data: bytes, size: int) -> None:
    decoder = TextDecoder()
    text = "".join(decoder.feed(data[at : at + size]) for at in range(0, len(data), size)) + decoder.end()
    assert text == data.decode("utf-8", "surrogateescape")
    assert text.encode("utf-8", "surrogateescape") == data
    assert decoder.feed(b"a") == "a"


@given(st.text("ab\r\n", max_size=40), st.integers(1, 5))
def test_lines_do_not_depend_on_the_pieces(text: str, size: int) -> None:
    lines = Lines()
    found = [line for at in range(0, len(text), size) for line in lines.feed(text[at : at + size])]
    assert lines.midway == (bool(text) and not text.endswith("\n"))
    found += lines.end()
    whole = text.split("\n")
    assert found == [Line(one.removesuffix("\r")) for one in whole[:-1]] + [
        Line(one, ended=False) for one in whole[-1:] if one
    ]


def test_a_line_without_end_is_cut() -> None:
    lines = Lines()
    assert lines.feed("a" * 65536) == []
    assert lines.feed("b") == [Line("a" * 65536 + "b", ended=False)]
    assert not lines.midway


def test_each_line_is_stamped_once() -> None:
    stamped = Stamped()
    pieces = [
        stamped.feed(text, f"{number} ")
        for number, text in enumerate(["a", "b\n", "c\nd\x0be", "", "\r\n\n"])
    ]
    assert "".join(pieces) == "0 ab\n2 c\n2 d\x0be\r\n4 \n"


PATTERN_CASES = [
    ("ready", ["xxrea", "dy"], 1),
    ("ready", ["not yet\n"] * 3, None),
    (r"^ready$", ["already\nready", "\r", "\n"], 2),
    (r"^ready$", ["ready or not\n"], None),
    (r"temp=\d+", ["temp=", "4"], 1),
    (r"temp=(\d+)\s", ["temp=4", "2", "\n"], 2),
    (r"a\nb", ["a\r", "\nb"], 1),
    ("é", ["\u00e9"], 0),
    ("", ["x"], 0),
    (r"end\Z", ["end"], None),
    ("A.B", ["A\n", "B"], None),
]


@pytest.mark.parametrize(("pattern", "pieces", "found"), PATTERN_CASES)
def test_a_pattern_is_found_over_the_borders_of_pieces(
    pattern: str, pieces: list[str], found: int | None
) -> None:
    until = Until(pattern)
    assert next((place for place, piece in enumerate(pieces) if until.feed(piece)), None) == found


@given(st.text("ab\n", max_size=30), st.integers(1, 4), st.sampled_from(["ab", "^a", "b$", "a+b", "b\na"]))
def test_with_the_end_of_the_line_a_pattern_is_found_as_in_the_whole(
    text: str, size: int, pattern: str
) -> None:
    until = Until(pattern)
    text += "\n"
    found = any([until.feed(text[at : at + size]) for at in range(0, len(text), size)])
    assert found == bool(re.search(pattern, text, re.MULTILINE))


def test_looking_back_has_a_limit() -> None:
    until = Until("begin.*end")
    until.feed("begin" + "x" * 10_000)
    until.feed("y" * 10_000)
    assert not until.feed("end")
    assert until.feed("\nbegin end")


@pytest.mark.parametrize("pattern", ["(", "[", "*", "(?P<a", "a{99999999999999}"])
def test_what_is_no_pattern_is_wrong_usage(pattern: str) -> None:
    with pytest.raises(UsageError, match="is no regular expression"):
        Until(pattern)
