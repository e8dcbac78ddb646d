"""How the console reads lines: echo, ends, corrections, limits."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.serial_console.terminal import Program, T, Terminal

BACKSPACE, DELETE = b"\x08", b"\x7f"
PLAIN = st.binary().map(lambda data: bytes(byte for byte in data if byte >= 0x20 and byte != 0x7F))


class Screen:
    """A terminal, and all that it has written."""

    def __init__(self) -> None:
        self.written = b""
        self.terminal = Terminal(self._write)

    def _write(self, data: bytes) -> None:
        self.written += data


def run(terminal: Terminal, program: Program[T], pieces: Iterable[bytes]) -> T:
    """Let a program run on bytes that come in pieces; return its result."""
    try:
        assert next(program) is None
        for piece in pieces:
            terminal.received += piece
            while terminal.received:
                assert program.send(terminal.received.popleft()) is None
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("the program still waits")


def line(typed: bytes, most: int = 32) -> tuple[bytes, bytes]:
    """Return the line that was read, and what was written."""
    screen = Screen()
    return run(screen.terminal, screen.terminal.line("? ", most), [typed]), screen.written


def test_either_end_of_line_ends_it_and_is_answered_in_full() -> None:
    assert line(b"abc\n") == (b"abc", b"? abc\r\n")
    assert line(b"abc\r") == (b"abc", b"? abc\r\n")
    assert line(b"\n") == (b"", b"? \r\n")


def test_corrections_are_echoed_but_at_the_start() -> None:
    assert line(BACKSPACE + b"ab" + BACKSPACE + b"c" + DELETE + b"d\n") == (
        b"ad",
        b"? ab" + BACKSPACE + b"c" + DELETE + b"d\r\n",
    )


def test_one_byte_beyond_the_longest_line_ends_it_whichever_it_is() -> None:
    assert line(b"abcd", 3) == (b"abc", b"? abc\r\n")
    assert line(b"abc" + BACKSPACE, 3) == (b"abc", b"? abc\r\n")
    assert line(b"abc\n", 3) == (b"abc", b"? abc\r\n")


def test_a_line_ends_at_a_zero_byte_for_the_firmware() -> None:
    assert line(b"ab\x00cd\n") == (b"ab", b"? ab\x00cd\r\n")


def test_what_was_typed_ahead_of_the_next_prompt_is_lost() -> None:
    screen = Screen()

    def two() -> Program[tuple[bytes, bytes]]:
        first = yield from screen.terminal.line("1 ", 9)
        second = yield from screen.terminal.line("2 ", 9)
        return first, second

    assert run(screen.terminal, two(), [b"a\r\nlost\n", b"b\n"]) == (b"a", b"b")
    assert screen.written == b"1 a\r\n2 b\r\n"


def test_a_line_feed_that_comes_late_answers_the_next_prompt() -> None:
    screen = Screen()

    def two() -> Program[tuple[bytes, bytes]]:
        first = yield from screen.terminal.line("1 ", 9)
        second = yield from screen.terminal.line("2 ", 9)
        return first, second

    assert run(screen.terminal, two(), [b"a\r", b"\nb\n"]) == (b"a", b"")


def block(pieces: Iterable[bytes], most: int = 4095) -> tuple[bytes, bytes]:
    screen = Screen()
    return run(screen.terminal, screen.terminal.block("PEM:\r\n", most), pieces), screen.written


def test_a_block_goes_to_an_empty_line_and_loses_nothing_between() -> None:
    assert block([b"one\ntwo\n\n"]) == (b"one\r\ntwo\r\n", b"PEM:\r\none\r\ntwo\r\n\r\n")


def test_full_line_ends_cut_a_block_short() -> None:
    assert block([b"one\r\ntwo\r\n\r\n"])[0] == b"one\r\n"


def test_a_block_ends_when_it_is_full() -> None:
    assert block([b"x" * 10], 9) == (b"x" * 9, b"PEM:\r\n" + b"x" * 9 + b"\r\n")
    text, _ = block([b"abc\n" * 5 + b"\n"], 9)
    assert len(text) <= 9


@given(PLAIN.filter(lambda data: len(data) <= 32), st.integers(1, 5))
def test_any_line_is_read_and_echoed_as_it_is_however_it_is_cut(text: bytes, size: int) -> None:
    screen = Screen()
    typed = text + b"\n"
    pieces = [typed[at : at + size] for at in range(0, len(typed), size)]
    assert run(screen.terminal, screen.terminal.line("", 32), pieces) == text
    assert screen.written == text + b"\r\n"


@given(st.lists(PLAIN.filter(bool), max_size=20), st.integers(1, 7))
def test_any_block_is_kept_with_full_line_ends(lines: list[bytes], size: int) -> None:
    typed = b"".join(text + b"\n" for text in lines) + b"\n"
    pieces = [typed[at : at + size] for at in range(0, len(typed), size)]
    text, written = block(pieces, 1 << 16)
    assert text == b"".join(text + b"\r\n" for text in lines)
    assert written == b"PEM:\r\n" + typed.replace(b"\n", b"\r\n")


@given(st.binary(max_size=80), st.integers(1, 8))
def test_no_line_is_longer_than_allowed_and_only_bytes_that_came_are_echoed(typed: bytes, most: int) -> None:
    text, written = line(typed + b"\n" * (most + 1), most)
    assert len(text) <= most
    assert written.startswith(b"? ")
    assert written.endswith(b"\r\n")
    echoed = written[2:-2]
    assert not set(echoed) & set(b"\r\n")
    kept = bytearray()
    for byte in echoed:
        if byte in (0x08, 0x7F):
            kept.pop()
        else:
            kept.append(byte)
    assert bytes(kept).partition(b"\0")[0] == text
