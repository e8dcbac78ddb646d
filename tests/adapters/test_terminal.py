"""What is particular to the terminal: facts, escapes, streams whose far end is gone, Ctrl-C, bars."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import textwrap
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.adapters.terminal.facts import TerminalFacts, terminal_facts
from particle_cli.adapters.terminal.output import Output, OutputError, escaped
from particle_cli.adapters.terminal.person import Terminal
from particle_cli.ports.person import NobodyThere

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")


class FakeTerminal(io.StringIO):
    def isatty(self) -> bool:
        return super().isatty() or True  # the first raises for a closed stream


def facts_of(
    stdin: TextIO | None,
    stdout: TextIO | None,
    stderr: TextIO | None,
    *,
    interactive: bool | None = None,
    colour: bool = True,
    **environment: str,
) -> TerminalFacts:
    return terminal_facts(stdin, stdout, stderr, environment, interactive=interactive, colour=colour)


TTY, PIPE = FakeTerminal(), io.StringIO()


class TestFacts:
    def test_questions_need_somebody_who_sees_and_types(self) -> None:
        assert facts_of(TTY, TTY, TTY).questions
        assert not facts_of(PIPE, TTY, TTY).questions
        assert not facts_of(TTY, PIPE, TTY).questions
        assert not facts_of(TTY, TTY, PIPE).questions
        assert not facts_of(None, None, None).questions

    @pytest.mark.parametrize(("value", "asked"), [("1", False), ("true", False), ("", True), ("0", True)])
    def test_the_environment_can_forbid_them(self, value: str, asked: bool) -> None:
        assert facts_of(TTY, TTY, TTY, PARTICLE_NON_INTERACTIVE=value).questions is asked

    def test_flags_decide_before_all_else(self) -> None:
        assert facts_of(PIPE, PIPE, PIPE, interactive=True, PARTICLE_NON_INTERACTIVE="1").questions
        assert not facts_of(TTY, TTY, TTY, interactive=False).questions

    def test_colour_can_be_refused(self) -> None:
        assert facts_of(TTY, TTY, TTY).colour
        assert facts_of(TTY, TTY, TTY, NO_COLOR="").colour
        assert not facts_of(TTY, TTY, TTY, NO_COLOR="1").colour
        assert not facts_of(TTY, TTY, TTY, TERM="dumb").colour
        assert not facts_of(TTY, TTY, TTY, colour=False).colour

    def test_a_dumb_terminal_cannot_move_its_cursor(self) -> None:
        assert facts_of(TTY, TTY, TTY, TERM="xterm").movable
        assert not facts_of(TTY, TTY, TTY, TERM="dumb").movable

    def test_the_width_is_given_or_80(self) -> None:
        assert facts_of(PIPE, PIPE, PIPE).width == 80
        assert facts_of(PIPE, PIPE, PIPE, COLUMNS="120").width == 120
        assert facts_of(PIPE, PIPE, PIPE, COLUMNS="wide").width == 80
        assert facts_of(TTY, TTY, TTY).width == 80  # a terminal without a file below it

    @unix
    def test_the_width_of_a_real_terminal(self) -> None:
        import fcntl
        import struct
        import termios

        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 40, 132, 0, 0))
        with os.fdopen(master), os.fdopen(slave, "w") as terminal:
            assert facts_of(PIPE, terminal, terminal).width == 132
            assert facts_of(PIPE, terminal, terminal).stdout

    def test_a_closed_stream_is_no_terminal(self) -> None:
        closed = FakeTerminal()
        closed.close()
        assert not facts_of(closed, closed, closed).stdin


@given(st.text())
def test_what_is_escaped_cannot_control_a_terminal(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", escaped(text))


def test_text_is_shown_in_the_order_that_it_has() -> None:
    assert escaped("exe.\u202egpj") == "exe.\\u202egpj"


def test_control_characters_are_made_visible_on_a_terminal_only() -> None:
    for terminal, shown in ((True, "a\\x1b[2Jb\\x0d\tc\n"), (False, "a\x1b[2Jb\r\tc\n")):
        stream = io.StringIO(newline="")
        Output(stream, terminal=terminal).line("a\x1b[2Jb\r\tc")
        assert stream.getvalue() == shown


def test_characters_that_the_stream_has_no_bytes_for_are_spelt_out() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii")
    Output(stream, terminal=False).line("Grüße \udcff")
    assert raw.getvalue() == b"Gr\\xfc\\xdfe \\udcff" + os.linesep.encode()


@pytest.mark.parametrize(
    ("terminal", "raw", "shown"),
    [
        (True, False, b"a\\x1b[2J\nb\\x0dc \\xff\xc3\xa9"),
        (True, True, b"a\x1b[2J\r\nb\rc \xff\xc3\xa9"),
        (False, False, b"a\x1b[2J\r\nb\rc \xff\xc3\xa9"),
    ],
)
def test_a_poured_stream_keeps_its_bytes_but_cannot_control_a_terminal(
    terminal: bool, raw: bool, shown: bytes
) -> None:
    out = io.BytesIO()
    output = Output(io.TextIOWrapper(out, "utf-8", newline=""), terminal=terminal)
    for piece in ("a\x1b[2J\r", "\nb\r", "c \udcff\xe9"):
        output.pour(piece, raw=raw)
    assert out.getvalue() == shown


def test_who_pours_learns_that_nobody_reads() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stdout:
        person = Terminal(facts_of(None, stdout, None), None, stdout, None)
        assert person.pour("a")
        os.close(reading)
        assert not person.pour("b")


def test_streams_that_were_closed_at_the_start_take_everything() -> None:
    nobody = Terminal(facts_of(None, None, None), None, None, None)
    nobody.say("a")
    nobody.note("b")
    nobody.document("c")
    with nobody.progress("d", 1) as progress:
        progress.advance(1)


async def test_a_closed_input_is_nobody() -> None:
    closed = io.StringIO()
    closed.close()
    for stdin in (None, closed):
        with pytest.raises(NobodyThere):
            await Terminal(facts_of(stdin, TTY, TTY, interactive=True), stdin, TTY, TTY).ask(
                "Name?", flag="--name"
            )


def terminal(**options: bool) -> tuple[Terminal, io.StringIO, io.StringIO]:
    stdout, stderr = io.StringIO(), io.StringIO()
    return Terminal(facts_of(None, stdout, stderr), None, stdout, stderr, **options), stdout, stderr


def test_with_json_the_lines_of_the_result_are_dropped_and_the_document_stays() -> None:
    person, stdout, stderr = terminal(results_shown=False)
    person.say("a line")
    person.note("a note")
    person.document('{"data": "\x1b"}')
    assert stdout.getvalue() == '{"data": "\x1b"}\n'
    assert stderr.getvalue() == "a note\n"


def test_quiet_leaves_results_and_failures() -> None:
    person, stdout, stderr = terminal(quiet=True)
    person.say("result")
    person.note("note")
    person.warn("warning")
    with person.progress("label", 1):
        pass
    person.fail("failure")
    assert (stdout.getvalue(), stderr.getvalue()) == ("result\n", "failure\n")


def test_without_a_terminal_progress_is_a_line_for_each_label() -> None:
    person, stdout, stderr = terminal()
    with person.progress("Erasing", 10) as progress:
        progress.advance(5)
        progress.label("Writing")
        progress.label("Writing")
        progress.advance(5)
    assert (stdout.getvalue(), stderr.getvalue()) == ("", "Erasing\nWriting\n")


def python(program: str, *, shell: str = "{}") -> subprocess.CompletedProcess[str]:
    """Run a program that starts with a Terminal over its standard streams, called `person`."""
    whole = PREAMBLE + textwrap.dedent(program)
    command = shell.format(f'"{sys.executable}" -c "$PROGRAM"')
    return subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PROGRAM": whole},
        capture_output=True,
        text=True,
        timeout=30,
    )


PREAMBLE = """
import asyncio, os, sys
from particle_cli.adapters.terminal.facts import terminal_facts
from particle_cli.adapters.terminal.person import Terminal
facts = terminal_facts(sys.stdin, sys.stdout, sys.stderr, os.environ)
person = Terminal(facts, sys.stdin, sys.stdout, sys.stderr)
"""


@unix
def test_a_reader_that_goes_away_ends_nothing() -> None:
    ended = python(
        """
        for number in range(100_000):
            person.say(f"line {number}")
        person.note(f"went on to the end, {person.reader_gone}")
        """,
        shell='{} | head -1; exit "${{PIPESTATUS[0]}}"',
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "line 0\n", "went on to the end, True\n")


@unix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_closed_by_the_shell_end_nothing(closed: str) -> None:
    ended = python("person.say('a'); person.note('b')", shell="{} " + closed)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a full device")
def test_a_full_disk_is_an_error_of_ours() -> None:
    with open("/dev/full", "w") as full:  # noqa: SIM117 - the stream is closed by then, and must not complain
        with pytest.raises(OutputError, match="No space left"):
            Output(full, terminal=False).line("a")


@unix
class TestAtATerminal:
    """Programs whose streams are all one terminal, with somebody who types."""

    def run(self, program: str, *typed: tuple[str, bytes]) -> tuple[int, str]:
        """Run it; wait for each text to be shown, then type the bytes; return exit status and screen."""
        import pty

        child, master = pty.fork()
        if child == 0:
            os.execv(sys.executable, [sys.executable, "-c", PREAMBLE + textwrap.dedent(program)])
        screen = b""
        for shown, keys in typed:
            while shown.encode() not in screen:
                screen += os.read(master, 4096)
            os.write(master, keys)
        while True:
            try:
                screen += os.read(master, 4096) or b""
            except OSError:  # so Linux says that the other end is closed
                break
        _, status = os.waitpid(child, 0)
        os.close(master)
        return os.waitstatus_to_exitcode(status), screen.decode()

    def test_a_question_is_shown_and_answered(self) -> None:
        status, screen = self.run(
            """
            name = asyncio.run(person.ask("Name?", flag="--name"))
            person.say(f"It is {name}")
            """,
            ("Name?", b"blinky\n"),
        )
        assert status == 0
        assert "It is blinky" in screen

    def test_a_secret_is_not_shown(self) -> None:
        status, screen = self.run(
            """
            secret = asyncio.run(person.ask_secret("Password:", flag="--password"))
            person.say(f"It has {len(secret)} letters")
            """,
            ("Password:", b"hunter2\n"),
        )
        assert status == 0
        assert "It has 7 letters" in screen
        assert "hunter2" not in screen

    @pytest.mark.parametrize(
        "question",
        [
            'person.ask("Q:", flag="-q")',
            'person.ask_secret("Q:", flag="-q")',
            'person.confirm("Q:", flag="-q", default=True)',
            'person.choose("Q:", ["a"], flag="-q")',
        ],
    )
    def test_ctrl_c_while_a_question_is_open_ends_the_program(self, question: str) -> None:
        status, screen = self.run(
            f"""
            async def main():
                try:
                    await {question}
                finally:
                    await asyncio.sleep(0.01)
                    person.note("cleaned up")
            try:
                asyncio.run(main())
            except KeyboardInterrupt:
                person.note("interrupted")
                sys.exit(130)
            """,
            ("Q:", b""),
            ("", b"\x03"),
        )
        assert status == 130
        assert screen.endswith("\r\ncleaned up\r\ninterrupted\r\n")

    def test_ctrl_c_just_before_a_question_counts(self) -> None:
        status, screen = self.run(
            """
            import signal
            async def main():
                os.kill(os.getpid(), signal.SIGINT)
                await person.ask("Q:", flag="-q")
            try:
                asyncio.run(main())
            except KeyboardInterrupt:
                sys.exit(130)
            """
        )
        assert (status, screen) == (130, "")

    def test_afterwards_ctrl_c_is_the_runners_again(self) -> None:
        status, screen = self.run(
            """
            import signal
            async def main():
                before = signal.getsignal(signal.SIGINT)
                await person.ask("Q:", flag="-q")
                person.say(str(signal.getsignal(signal.SIGINT) is before))
            asyncio.run(main())
            """,
            ("Q:", b"a\n"),
        )
        assert status == 0
        assert "True" in screen

    def test_ctrl_d_is_nobody(self) -> None:
        status, screen = self.run(
            """
            from particle_cli.ports.person import NobodyThere
            try:
                asyncio.run(person.ask("Q:", flag="--answer"))
            except NobodyThere as nobody:
                person.fail(nobody.next_step)
            """,
            ("Q:", b"\x04"),
        )
        assert status == 0
        assert "\r\nGive the answer with --answer.\r\n" in screen

    def test_a_bar_moves_and_vanishes_and_lines_stand_above_it(self) -> None:
        status, screen = self.run(
            """
            import time
            with person.progress("Erasing", 10) as progress:
                progress.advance(5)
                person.say("a result")
                progress.label("Writing \\x1b[2J")
                person.note("a note")
                name = asyncio.run(person.ask("Name?", flag="--name"))
                time.sleep(0.06)
                progress.advance(5)
            person.say("the end")
            """,
            ("Name?", b"blinky\n"),
        )
        assert status == 0
        assert "Erasing" in screen
        assert "Writing \\x1b[2J" in screen
        assert "100%" in screen
        assert re.search(r"a result\s*\r\n", screen)
        assert screen.rstrip().endswith("the end")

    def test_nothing_is_drawn_for_a_dumb_terminal(self) -> None:
        status, screen = self.run(
            """
            facts = terminal_facts(sys.stdin, sys.stdout, sys.stderr, {"TERM": "dumb"})
            person = Terminal(facts, sys.stdin, sys.stdout, sys.stderr)
            with person.progress("Erasing", 10) as progress:
                progress.advance(10)
            assert "rich" not in sys.modules
            """
        )
        assert (status, screen) == (0, "Erasing\r\n")


@unix
def test_an_interrupt_that_is_ignored_stays_ignored() -> None:
    ended = python(
        """
        import signal
        person = Terminal(terminal_facts(None, None, None, {}, interactive=True), sys.stdin, None, None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        asyncio.run(person.ask("Q:", flag="-q"))
        print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
        """,
        shell="echo answer | {}",
    )
    assert ended.stdout == "True\n"


def test_rich_is_not_imported_before_something_is_drawn() -> None:
    ended = python("person.say('a'); person.progress('b', 1).__enter__(); print('rich' in sys.modules)")
    assert ended.stdout == "a\nFalse\n"
